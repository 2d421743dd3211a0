-- What a replay asks of a book besides how far it had come at an instant (0005_progress.sql): what began in it, and where time alone may
-- have done something. Whoever asks has looked whether the reader may read the book: no function looks into another.
--
-- The owner's role runs this. The app asks by these functions, as it does for one stream.

set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- The streams that begin in a book above an index and up to another, in their order, at most so many; each with the index of its first
-- fact, and with how many begin up to there in all.
create function record.beginnings(book uuid, after bigint, until bigint, most int)
    returns table (stream uuid, "index" bigint, total bigint)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
as $$
begin
    return query
        with begun as (
            select f.stream, f.index, count(*) over () as total
              from record.facts as f
             where f.book = beginnings.book
               and f.index <= beginnings.until
               and f.version = 1
        )
        select b.stream, b.index, b.total
          from begun as b
         where b.index > beginnings.after
         order by b.index
         limit beginnings.most;
end $$;


-- The streams of a book of which some fact up to an index names an instant after `since` and up to `ends` at which something ends: of
-- these types, in this member of their data. Only these can change by time alone between the two.
create function record.ending(
    book uuid, until bigint, since timestamptz, ends timestamptz, types text[], members text[], out stream uuid
)
    returns setof uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
as $$
begin
    return query
        select distinct e.stream
          from (select f.stream,
                       (convert_from(f.envelope, 'UTF8')::json -> 'data' ->> t.member)::timestamptz as instant
                  from record.facts as f
                  join unnest(ending.types, ending.members) as t (type, member) on t.type = f.type
                 where f.book = ending.book
                   and f.index <= ending.until
                offset 0) as e
         where e.instant > ending.since
           and e.instant <= ending.ends;
end $$;


revoke all on function record.beginnings, record.ending from public;

grant execute on function record.beginnings, record.ending to accord_app;
