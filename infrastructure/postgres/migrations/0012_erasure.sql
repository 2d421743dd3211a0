-- Words that were erased: they and their salt go in the transaction that records the erasure; their commitment, and so every proof
-- but their own, stays.
--
-- The owner's role runs this. What erases is the fact of erasure itself, by a trigger, and nothing else: so nobody who may append can
-- erase without saying in that book what, and what is said to be erased is erased.

set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- The facts that are words and nothing else. Those of a later version of the program come by a migration of their own.
create table record.erasable (
    type text primary key
);

insert into record.erasable (type)
values ('erasure.reason-given'),
       ('prepared.act-worded'),
       ('proposal.reason-given'),
       ('proposal.reservation-made'),
       ('proposal.statement-worded'),
       ('release.statement-worded');

revoke all on record.erasable from public;


-- Who reads salts, and may meet none: books.opening, whose reader sees by it that an envelope is not whole.
-- squawk-ignore ban-drop-not-null
alter table record.facts alter column salt drop not null;
alter table record.facts add column erased bigint;   -- the index, in the same book, of the fact by which its words were erased

-- Not valid: of the rows that are there every one has its salt, and what is to come is looked at.
alter table record.facts
  add constraint facts_salt_or_erased check ((salt is null) = (erased is not null) and erased > index) not valid;

-- What an update leaves behind holds the words until it is swept. No other update comes to these rows, so that is seldom to do, and
-- is done at the next round, however little it is.
alter table record.facts set (
    autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0,
    toast.autovacuum_vacuum_threshold = 0, toast.autovacuum_vacuum_scale_factor = 0
);


-- Erase what a fact of erasure names: words of its own book, that stand before it, of an erasable type, and are still there. All of
-- them, or the fact is not recorded.
--
-- In place of an envelope comes what is left of it, as domain/record/envelope.py has it (Remains): its parts as they stand there, so
-- in their canonical form. The fact that erases was checked by the process that appended it; that its erasure was agreed upon is
-- looked at by whoever verifies the book.
create function record.erase() returns trigger
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
as $$
declare
    named json := convert_from(new.envelope, 'UTF8')::json -> 'data' -> 'facts';
    gone  bigint;
begin
    update record.facts as f
       set salt     = null,
           erased   = new.index,
           envelope = (select convert_to(
                           '{"actor":'        || (e.said -> 'actor')
                           || ',"at":'        || (e.said -> 'at')
                           || ',"book":'      || (e.said -> 'book')
                           || ',"command":'   || (e.said -> 'command')
                           || ',"credential":' || (e.said -> 'credential')
                           || ',"delegation":' || (e.said -> 'delegation')
                           || ',"effective":' || (e.said -> 'effective')
                           || ',"erasure":'   || new.index
                           || ',"index":'     || (e.said -> 'index')
                           || ',"stream":'    || (e.said -> 'stream')
                           || ',"type":'      || (e.said -> 'type')
                           || ',"withheld":"erased"}', 'UTF8')
                         from (select convert_from(f.envelope, 'UTF8')::json as said) as e)
      from json_to_recordset(named) as n (index bigint, type text)
      join record.erasable as words on words.type = n.type
     where f.book = new.book
       and f.index = n.index
       and f.index < new.index
       and f.type = n.type
       and f.erased is null;
    get diagnostics gone = row_count;

    if gone = 0 or gone <> json_array_length(named) then
        raise exception 'fact % of book % names what cannot be erased', new.index, new.book
            using errcode = 'AC002';
    end if;
    return null;
end $$;

revoke all on function record.erase from public;

create trigger facts_erase
    after insert on record.facts
    for each row
    when (new.type = 'erasure.carried-out')
    execute function record.erase();
