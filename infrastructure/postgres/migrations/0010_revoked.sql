-- With a command comes the token of its actor, and append looks at it under the lock: what was revoked binds nobody.
--
-- The owner's role runs this. It is 0001_record.sql's append with one argument and one verdict more.

set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- Dropped, and not left beside the new one: it is a door at which nobody asks for the token. A process of the version before,
-- still running, can append no more until it is restarted; it loses nothing, since what was not recorded was not confirmed.
-- squawk-ignore ban-drop-function
drop function record.append;


-- Append a batch of commands. Each gets a verdict of its own, in their order:
--
--   repeated   its key stands in the record, or was recorded earlier in this batch: `repeated` holds what known() says
--   revoked    the token of its actor holds no longer
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
    tokens            bytea[],        -- the hash of the actor's; null where none is needed
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
    revoked   boolean[];      -- by command: its token holds no longer
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

    -- As people.holder looks for one. Under the lock: what was revoked before a fact is recorded binds nobody.
    select array_agg(k.token is not null
                     and not exists (select from people.token as x
                                      where x.sha256 = k.token
                                        and x.revoked is null
                                        and (x.expires is null or x.expires > clock)) order by k.i)
      into revoked
      from unnest(tokens) with ordinality as k (token, i);

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
        elsif revoked[c] then
            verdicts[c] := 'revoked';
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


revoke all on function record.append from public;

grant execute on function record.append to accord_app;
