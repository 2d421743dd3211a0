-- Year over year: what figures are counted from. Whole numbers are counted here, and shares taken of them by the domain.

set local lock_timeout = '5s';
set local statement_timeout = '60s';


-- How a proposal stands in an edition, and when it did: a row for each fact that changes what figures know, and one for the
-- end of a silence, written when the silence is opened. At T the record said the row with at_from <= T < at_to; a null ends
-- a range that is open. A proposal that goes on in a later edition keeps the row of how it left the earlier one.
create table views.stands (
    proposal       uuid        not null,
    at_from        timestamptz not null,     -- the record's time
    at_to          timestamptz,
    effective_from timestamptz not null,     -- the latest time that any fact so far is said to have happened
    effective_to   timestamptz,
    book           uuid        not null,
    edition        text        not null,     -- where it is on the table, or was when it had its outcome
    tabled_in      text        not null,
    kind           text        not null,
    format         text        not null,
    sponsors       text[]      not null,
    status         text        not null,
    acted_on       boolean     not null,     -- put to decision or under silence, at least once
    revisions      bigint      not null,     -- after the one that was tabled
    tabled         timestamptz not null,     -- when that is said to have happened
    closed         timestamptz,              -- the same of what closed it
    members        text[]      not null,     -- of the format; none until it is closed
    leanings       bigint[]    not null,     -- of each of them then: 0 against, 1 neither, 2 for, null without a position
    primary key (proposal, at_from),
    check (at_from < at_to),
    check (effective_from <= effective_to),
    check (cardinality(members) = cardinality(leanings))
);


-- Each silence that was opened, and each that was broken. Facts, which nothing takes back.
create table views.silences (
    proposal  uuid        not null,
    version   bigint      not null,          -- of its stream: the fact's
    book      uuid        not null,
    edition   text        not null,
    broken    boolean     not null,          -- else opened
    at        timestamptz not null,          -- the record's time
    effective timestamptz not null,          -- when it is said to have happened
    primary key (proposal, version)
);


-- Each edition, and when it was opened first.
create table views.editions (
    edition             text        primary key,
    book                uuid        not null,
    year                bigint      not null,
    announced_at        timestamptz not null,
    announced_effective timestamptz not null,
    opened_at           timestamptz,
    opened_effective    timestamptz,
    check (num_nonnulls(opened_at, opened_effective) in (0, 2))
);


alter table views.stands   enable row level security;
alter table views.silences enable row level security;
alter table views.editions enable row level security;

create policy reader on views.stands   for select using (book = any ((select views.books())::uuid[]));
create policy reader on views.silences for select using (book = any ((select views.books())::uuid[]));
create policy reader on views.editions for select using (book = any ((select views.books())::uuid[]));

create policy projector on views.stands   to accord_projector using (true);
create policy projector on views.silences to accord_projector using (true);
create policy projector on views.editions to accord_projector using (true);

alter table views.stands   force row level security;
alter table views.silences force row level security;
alter table views.editions force row level security;


-- The index of a book's last fact at an instant; null if there was none. Within a book times never go back as indices grow, so it
-- is found by halving: there is no index by time, and each look is one by facts_book_index.
create function record.reached(book uuid, at timestamptz, out "index" bigint)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
as $$
declare
    low    bigint := -1;  -- recorded by then, or before the first
    high   bigint;        -- recorded later, or after the last
    middle bigint;
    past   boolean;
begin
    select b.size into high from record.books as b where b.book = reached.book;
    if high is null then
        return;
    end if;
    while high - low > 1 loop
        middle := (low + high) / 2;
        select f.at > reached.at into strict past from record.facts as f where f.book = reached.book and f.index = middle;
        if past then
            high := middle;
        else
            low := middle;
        end if;
    end loop;
    if low >= 0 then
        "index" := low;
    end if;
end $$;


-- The index of the last fact in each of the caller's books that a view shows, of those that the record held at a moment.
-- Read in one statement with the view, it is the position that was counted at. It filters by the caller's books itself.
create function views.reached(name text, moment timestamptz)
    returns table (book uuid, index bigint)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    select b.book, f.index
      from unnest(views.books()) as b (book)
      join views.checkpoints as c on c.name = reached.name
     cross join lateral (select f.index
                           from record.facts as f
                          where f.book = b.book
                            and f.index <= record.reached(b.book, reached.moment)
                            and f.position <= c.position
                          order by f.index desc
                          limit 1) as f;
end;


revoke all on views.stands, views.silences, views.editions from public;
revoke all on function record.reached, views.reached from public;

grant select on views.stands, views.silences, views.editions to accord_app;
grant execute on function record.reached, views.reached to accord_app;

grant select, insert, update, delete, truncate on views.stands, views.silences, views.editions to accord_projector;
