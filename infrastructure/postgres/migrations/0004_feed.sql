-- The feed as its readers have it: of some books what follows in each, so that nobody's place in it speaks of another book.
--
-- The owner's role runs this. The app asks by the function, as it does for one stream.

set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- At most so many facts of these books, of each book those above an index, by time, book and index. The answer depends on no
-- other book; within a book times only grow, so that what is left out of a full answer comes after all that is in it.
create function record.following(books uuid[], after bigint[], most int)
    returns table (type text, version bigint, envelope bytea)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
as $$
begin
    return query
        select f.type, f.version, f.envelope
          from unnest(following.books, following.after) as b (book, after)
         -- LIMIT: of each book no more is read than the answer could hold, by facts_book_index.
         cross join lateral (select x.type, x.version, x.envelope, x.at, x.book, x.index
                               from record.facts as x
                              where x.book = b.book
                                and x.index > b.after
                              order by x.index
                              limit following.most) as f
         order by f.at, f.book, f.index
         limit following.most;
end $$;


revoke all on function record.following from public;

grant execute on function record.following to accord_app;
