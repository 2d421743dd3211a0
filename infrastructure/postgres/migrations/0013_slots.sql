-- What opens the slots of epochs: kept before the record commits to it, and read by who reads the book that a slot is of.
--
-- The owner's role runs this. The app touches no table: it prepares an epoch, and asks for what opens a book of its caller's.

set local lock_timeout = '5s';
set local statement_timeout = '60s';


-- An epoch whose fact was never recorded leaves its rows behind. They are in no answer, and open nothing.
create table books.openings (
    key     uuid        not null,                                   -- under which the epoch's fact is recorded
    slot    bigint      not null check (slot >= 0),
    epoch   timestamptz not null,                                   -- when it began
    book    uuid        not null,                                   -- whose readers may open it; of unused slots the forum's
    opens   timestamptz,                                            -- from when on they may; null: at once
    salt    bytea       not null check (octet_length(salt) = 32),
    content bytea       not null,
    primary key (key, slot)
);


-- Keep what fills the slots of an epoch, in order, and answer with the commitments to what is kept. Of several that prepare one
-- epoch, the first fills it: the others wait at its first slot until it has committed, then find all of them filled.
create function books.prepare(
    key      uuid,
    epoch    timestamptz,
    books    uuid[],
    opens    timestamptz[],
    salts    bytea[],
    contents bytea[]
)
    returns bytea[]
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    insert into books.openings (key, slot, epoch, book, opens, salt, content)
    select prepare.key, f.number - 1, prepare.epoch, f.book, f.opens, f.salt, f.content
      from unnest(prepare.books, prepare.opens, prepare.salts, prepare.contents)
           with ordinality as f (book, opens, salt, content, number)
     order by f.number
        on conflict do nothing;

    return (select array_agg(sha256('accord/slot/v1\000'::bytea || o.salt || o.content) order by o.slot)
              from books.openings as o
             where o.key = prepare.key);
end $$;


-- What opens the slots of a book of the caller's, who reads the forum's book too: in at most so many epochs that were sealed,
-- those whose fact stands in the forum's book from one index on and before another.
create function books.slots(book uuid, forum uuid, first bigint, beyond bigint, most int)
    returns table (index bigint, epoch timestamptz, slot bigint, salt bytea, content bytea)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    with sealed as (
        select f.index, f.key
          from record.facts as f
         where f.book = slots.forum
           and array[slots.book, slots.forum] <@ (select views.books())::uuid[]
           and f.index >= slots.first
           and f.index < slots.beyond
           and f.type = 'epoch.sealed'
           and exists (select
                         from books.openings as o
                        where o.key = f.key
                          and o.book = slots.book
                          and (o.opens is null or o.opens <= (select record.clock())))
         order by f.index
         limit slots.most
    )
    select s.index, o.epoch, o.slot, o.salt, o.content
      from sealed as s
      join books.openings as o on o.key = s.key
     where o.book = slots.book
       and (o.opens is null or o.opens <= (select record.clock()))
     order by s.index, o.slot;
end;


revoke all on table books.openings from public;
revoke all on function books.prepare, books.slots from public;

grant execute on function books.prepare, books.slots to accord_app;
