-- The record: every fact, in the order in which it was recorded, and the one function that adds to it.
--
-- The owner's role runs this. accord_app and accord_projector exist.

create schema record;


-- Where the record ends, in one row. Written by append alone.
create table record.head (
    id       bigint      primary key check (id = 1),
    position bigint      not null,                -- of the last fact
    last_at  timestamptz not null,                -- the latest time ever given: no book's last is later
    told     boolean     not null default false   -- a demonstration or an import, whose commands may tell their time
) with (fillfactor = 10);                         -- room for its next versions beside it, so that no index is touched

insert into record.head (id, position, last_at) values (1, 0, '-infinity');


-- Where each book ends. Written by append alone; a book begins with its first fact.
create table record.books (
    book    uuid        primary key,
    size    bigint      not null check (size > 0),
    last_at timestamptz not null                  -- the time of its last fact
) with (fillfactor = 10);


-- No foreign key to books: append writes both, and a check a row would cost more than the index it needs.
-- The version of a stream is the highest here, so it cannot disagree with the facts.
create table record.facts (
    position bigint      primary key,             -- over all books, from 1, without a gap. Never shown outside
    at       timestamptz not null,
    index    bigint      not null,                -- in its book, from 0, without a gap
    version  bigint      not null,                -- in its stream, from 1, without a gap
    stream   uuid        not null,
    book     uuid        not null,
    command  uuid        not null,
    type     text        not null,
    salt     bytea       not null check (octet_length(salt) = 32),
    commit   bytea       not null,                -- SHA-256("accord/commit/v1" 0x00 || salt || envelope)
    envelope bytea       not null,
    key      uuid,                                -- on a command's first fact: by it a repeated request finds the first answer
    request  bytea,                               -- beside it: salt[16] || SHA-256(salt || digest of the request)
    check (request is null or (octet_length(request) = 48 and key is not null)),
    constraint facts_stream_version unique (stream, version),
    constraint facts_book_index     unique (book, index)
);

create unique index facts_key on record.facts (key) where key is not null;


-- The facts as the eventsourcing library's recorders read them.
create view record.log with (security_invoker = true) as
    select stream   as originator_id,
           version  as originator_version,
           type     as topic,
           envelope as state,
           position as notification_id
      from record.facts;


-- The record's clock, alone in a function, so that the owner can replace it where time has to pass in a test.
create function record.clock() returns timestamptz
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    return clock_timestamp();


-- The command that stands under a key, with its facts; null if there is none.
create function record.known(key uuid) returns jsonb
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
    set timezone = 'UTC'
as $$
begin
    return (
        select jsonb_build_object(
                   'command',  k.command,
                   'request',  encode(k.request, 'hex'),
                   'position', max(f.position),
                   'facts',    jsonb_agg(jsonb_build_object(
                                   'type',   f.type,
                                   'stream', f.stream,
                                   'book',   f.book,
                                   'index',  f.index,
                                   'at',     f.at) order by f.position))
          from record.facts as k
          -- No index by command: its facts stand together, up to the first of another.
          left join lateral (select n.position
                               from record.facts as n
                              where n.position > k.position
                                and n.command <> k.command
                              order by n.position
                              limit 1) as other on true
          join record.facts as f
            on f.position >= k.position
           and f.position < coalesce(other.position, 9223372036854775807)
         where k.key = known.key
         group by k.command, k.request);
end $$;


-- Append a batch of commands. Each gets a verdict of its own, in their order:
--
--   repeated   its key stands in the record, or was recorded earlier in this batch: `repeated` holds what known() says
--   stale      a stream that it relied on has another version
--   backwards  it tells a time before the last of one of its books, or after the clock, or in a forum that tells none
--   late       a time that it would get lies before `since` or not before `until`; `times` says which it would have got
--   recorded   `positions`, `times` and `indices` say where its facts stand
--
-- The time of a fact is the clock's, or 1 us after its book's last: bumped by its own book and by no other, so that no
-- book's times tell of another. All facts of a command in one book share it, and the index orders them.
--
-- Commands, expectations and facts come in the order in which they are decided; what they name (keys, streams, books) comes
-- once, and they refer to it by number. So everything is known before the first decision, with one query each, and the
-- loop does arithmetic only: no SQL a command, one path with and without conflicts.
--
-- It trusts the process with what stands in the three pieces of an envelope; `accord verify` compares them with the columns.
create function record.append(
    commands          uuid[],
    command_keys      int[],
    requests          bytea[],        -- null where nobody can ask again
    sinces            timestamptz[],
    untils            timestamptz[],  -- infinity where nothing ends
    tolds             timestamptz[],  -- null where the clock gives the time
    keys              uuid[],
    streams           uuid[],
    books             uuid[],
    expecting         int[],          -- expectation: of which command
    expected_streams  int[],
    expected_versions bigint[],
    fact_commands     int[],          -- fact: of which command
    fact_streams      int[],
    fact_books        int[],
    types             text[],
    salts             bytea[],
    heads             bytea[],        -- an envelope in three pieces around its `at` and its `index`
    middles           bytea[],
    tails             bytea[],
    out verdicts      text[],         -- by command
    out positions     bigint[],       -- by fact, as the next two
    out times         timestamptz[],
    out indices       bigint[],
    out repeated      jsonb           -- by number of the command
)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    -- Pinned, since planning anew costs more than the rest, and a young table has no statistics.
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
as $$
declare
    microsecond constant interval := '1 microsecond';
    clock     timestamptz;
    place     bigint;         -- the last position given
    latest    timestamptz;    -- the latest time given
    telling   boolean;
    taken     boolean[];      -- by key: it stands in the record
    versions  bigint[];       -- by stream: the highest
    sizes     bigint[];       -- by book
    lasts     timestamptz[];  -- by book: the time of its last fact
    numbers   bigint[];       -- by fact: its version
    fact_keys int[];          -- by fact: the key, on a command's first
    stale     boolean;
    backwards boolean;
    late      boolean;
    e int := 1;               -- the next expectation
    f int := 1;               -- the next fact
    g int;
    s int;
    b int;
begin
    -- The head lock: one append at a time, until its COMMIT is durable. An advisory lock that bears the oid of the head, and
    -- not its row: horizon() can share it without writing to the row, and a batch that records nothing has nothing to
    -- flush. What it guards is guarded twice: positions, versions, indices and keys are unique. Who may append may hold it
    -- as long as a transaction; it gives nobody a power that append or horizon do not give.
    perform pg_advisory_xact_lock('record.head'::regclass::bigint);

    -- In statements of their own: they see what was committed before the lock was given.
    select h.position, h.last_at, h.told into strict place, latest, telling from record.head as h where h.id = 1;
    clock := record.clock();

    if latest > clock + interval '1 minute' and not telling then
        raise exception 'the clock jumped: it says %, and the record reaches %', clock, latest
            using errcode = 'AC001',
                  hint = 'Set the clock right. If it was ahead, wait: nothing is recorded until it passes the record.';
    end if;

    select array_agg(exists (select from record.facts as x where x.key = k.key) order by k.i)
      into taken
      from unnest(keys) with ordinality as k (key, i);

    select array_agg(coalesce((select max(x.version) from record.facts as x where x.stream = k.stream), 0) order by k.i)
      into versions
      from unnest(streams) with ordinality as k (stream, i);

    select array_agg(coalesce(x.size, 0) order by k.i), array_agg(coalesce(x.last_at, '-infinity') order by k.i)
      into sizes, lasts
      from unnest(books) with ordinality as k (book, i)
      -- LIMIT: looked up one by one, where a join might hash all the books there are.
      left join lateral (select b.size, b.last_at from record.books as b where b.book = k.book limit 1) as x on true;

    verdicts  := array_fill(null::text, array[cardinality(commands)]);
    positions := array_fill(null::bigint, array[cardinality(fact_commands)]);
    times     := array_fill(null::timestamptz, array[cardinality(fact_commands)]);
    fact_keys := array_fill(null::int, array[cardinality(fact_commands)]);
    indices   := positions;
    numbers   := positions;

    for c in 1 .. cardinality(commands) loop
        stale := false;
        while expecting[e] = c loop
            stale := stale or versions[expected_streams[e]] <> expected_versions[e];
            e := e + 1;
        end loop;

        backwards := tolds[c] is not null and (not telling or tolds[c] > clock);
        late := false;
        g := f;
        while fact_commands[g] = c loop
            b := fact_books[g];
            backwards := backwards or coalesce(tolds[c] < lasts[b], false);
            times[g] := greatest(coalesce(tolds[c], clock), lasts[b] + microsecond);
            late := late or times[g] < sinces[c] or times[g] >= untils[c];
            g := g + 1;
        end loop;

        if taken[command_keys[c]] then
            verdicts[c] := 'repeated';
        elsif stale then
            verdicts[c] := 'stale';
        elsif backwards then
            verdicts[c] := 'backwards';
        elsif late then
            verdicts[c] := 'late';
        elsif g = f then
            raise exception 'command % brings no fact, or facts out of order', commands[c];
        else
            verdicts[c] := 'recorded';
            taken[command_keys[c]] := true;
            fact_keys[f] := command_keys[c];
            while f < g loop
                s := fact_streams[f];
                b := fact_books[f];
                place := place + 1;
                versions[s] := versions[s] + 1;
                positions[f] := place;
                numbers[f] := versions[s];
                indices[f] := sizes[b];
                sizes[b] := sizes[b] + 1;
                lasts[b] := times[f];
                f := f + 1;
            end loop;
        end if;
        f := g;
    end loop;

    if e <= cardinality(expecting) or f <= cardinality(fact_commands) then
        raise exception 'expectations and facts follow the order of the commands';
    end if;

    if 'recorded' = any (verdicts) then
        -- What is hashed is what is stored. OFFSET 0: the envelope is put together once, not at each mention.
        insert into record.facts
               (position, at, index, version, stream, book, command, type, salt, commit, envelope, key, request)
        select u.position, u.at, u.index, u.version, streams[u.stream], books[u.book], commands[u.command], u.type, u.salt,
               sha256('accord/commit/v1\000'::bytea || u.salt || u.envelope),
               u.envelope, keys[u.key], case when u.key is not null then requests[u.command] end
          from (select x.*,
                       x.head
                       || convert_to(to_char(x.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'UTF8')
                       || x.middle
                       || convert_to(x.index::text, 'UTF8')
                       || x.tail as envelope
                  from unnest(positions, times, indices, numbers, fact_keys, fact_commands, fact_streams, fact_books,
                              types, salts, heads, middles, tails)
                       as x (position, at, index, version, key, command, stream, book, type, salt, head, middle, tail)
                 where x.position is not null
                offset 0) as u;

        insert into record.books as x (book, size, last_at)
        select u.book, u.size, u.last_at
          from unnest(books, sizes, lasts) as u (book, size, last_at)
         where u.size > 0
            on conflict (book) do update
           set size = excluded.size, last_at = excluded.last_at
         where x.size <> excluded.size;

        update record.head
           set position = place,
               last_at  = greatest(latest, (select max(u.last_at) from unnest(lasts) as u (last_at)))
         where id = 1;

        perform pg_notify('log', place::text);
    end if;

    if 'repeated' = any (verdicts) then
        select jsonb_object_agg(u.c, record.known(keys[command_keys[u.c]]))
          into repeated
          from generate_series(1, cardinality(commands)) as u (c)
         where verdicts[u.c] = 'repeated';
    end if;
end $$;


-- The facts of a stream above a version, as far as it lies in one of the books.
create function record.stream(stream uuid, after bigint, books uuid[])
    returns table (type text, version bigint, envelope bytea)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set enable_bitmapscan = off  -- else, by old statistics, it may go through all of a book beside the stream
    set jit = off
as $$
begin
    return query
        select f.type, f.version, f.envelope
          from record.facts as f
         where f.stream = stream.stream
           and f.version > stream.after
           and f.book = any (stream.books)
         order by f.version;
end $$;


-- At most so many facts above a position, in order. None can come to stand below one that was seen: positions are given
-- and committed under the head lock.
create function record.feed(after bigint, most int)
    returns table (type text, version bigint, envelope bytea, "position" bigint)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
as $$
begin
    return query
        select f.type, f.version, f.envelope, f.position
          from record.facts as f
         where f.position > feed.after
         order by f.position
         limit feed.most;
end $$;


-- The record's clock, when no append is in flight that could get an earlier time, and the position that was reached.
--
-- An append reads the clock under the head lock and holds it until its COMMIT: whoever then holds a share of it has every
-- earlier time behind him. The share writes nothing, so it takes no transaction id and no WAL flush; several may hold it.
-- It holds as far as the clock does not step back, and not in a forum that tells its times.
create function record.horizon(out at timestamptz, out "position" bigint)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
as $$
begin
    perform pg_advisory_xact_lock_shared('record.head'::regclass::bigint);
    at := record.clock();
    select h.position into strict "position" from record.head as h where h.id = 1;
end $$;


-- The application sees the record through functions only; the projector reads it; nobody else, and nobody writes but append.
revoke all on schema record from public;
revoke all on all tables in schema record from public;
revoke all on all functions in schema record from public;

grant usage on schema record to accord_app, accord_projector;

grant execute on function record.append, record.stream, record.known, record.feed, record.horizon to accord_app;

grant select on record.head, record.books, record.facts, record.log to accord_projector;
grant execute on function record.clock, record.horizon to accord_projector;
