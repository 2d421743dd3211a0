-- The views: what the record comes to, in tables that are read without folding anything.
--
-- The owner's role runs this. The projector alone writes; the app reads, behind row-level security, what lies in the books
-- that it names in `accord.books`. That is the second wall: the first is that it names only books which its caller reads.

set local lock_timeout = '5s';
set local statement_timeout = '60s';

create schema views;


-- How far each projection has come. Written by the projector, in one transaction with the rows that it speaks of.
create table views.checkpoints (
    name            text        primary key,
    position        bigint      not null default 0 check (position >= 0),  -- of the last fact that is in the view
    parked_at       timestamptz,                                           -- since when a command holds it up
    parked_position bigint,                                                -- which: its first fact
    parked_error    text,                                                  -- what was wrong. For the operator alone
    check (num_nonnulls(parked_at, parked_position, parked_error) in (0, 3))
);


-- What a list shows of a proposal, and when it was so: a row for each fact, and one for each later instant at which time
-- alone changes it. That is written when the deadline is, and replaced if the deadline moves; so lists settle by themselves.
--
-- At T the record said the row with at_from <= T < at_to. A null ends a range that is open.
create table views.proposal_versions (
    proposal            uuid        not null,
    at_from             timestamptz not null,     -- the record's time
    at_to               timestamptz,
    effective_from      timestamptz not null,     -- the latest time that any fact so far is said to have happened
    effective_to        timestamptz,
    book                uuid        not null,
    version             bigint      not null,     -- of the proposal's stream
    number              text        not null,
    kind                text        not null,
    format              text        not null,
    edition             text        not null,
    status              text        not null,
    master              text        not null,
    title               jsonb       not null,     -- language: words
    sought              text        not null,     -- number and titles, folded, for views.search
    sponsors            text[]      not null,
    main_sponsor        text,                     -- null where the chair tabled it
    penholder           text        not null,     -- a delegation or 'chair'
    revision            bigint      not null,
    issued              timestamptz not null,
    changes             jsonb       not null,     -- provision: what its change was said to be
    certified           boolean     not null,
    endorsing           bigint      not null,
    members             bigint      not null,
    agreed_ad_referendum boolean    not null,
    objections          text[]      not null,
    tabled              timestamptz not null,
    effective           timestamptz not null,     -- of its tabling
    closed              timestamptz,
    deadline            timestamptz,              -- of the silence that runs
    agreement           uuid,
    predecessor         uuid,
    primary key (proposal, at_from),
    check (at_from < at_to),
    check (effective_from <= effective_to)
);

-- What holds at a moment near the present, without a look at what has passed. CASE, since coalesce counts as leaky, and then
-- the index is of no use behind row-level security.
create index proposal_versions_live on views.proposal_versions (book, (case when at_to is null then 'infinity' else at_to end));


-- For whom a proposal waits, and while. It begins and ends with versions, so it holds for a version if it holds when that begins.
create table views.needs (
    proposal uuid        not null,
    whom     text        not null,                -- a delegation or 'chair'
    what     text        not null,
    due      timestamptz,
    book     uuid        not null,
    at_from  timestamptz not null,                -- the record's time
    at_to    timestamptz,
    primary key (proposal, whom, what, at_from),
    check (at_from < at_to)
);


create table views.drafts (
    id      uuid        primary key,
    book    uuid        not null,
    owners  text[]      not null,                 -- none where the secretariat or a chair writes it
    kind    text        not null,
    format  text        not null,
    edition text        not null,
    title   jsonb       not null,
    "end"   text,                                 -- what became of it
    version bigint      not null,
    begun   timestamptz not null,
    updated timestamptz not null
);

create index drafts_listed on views.drafts (book, begun desc, id);


create table views.prepared (
    id         uuid        primary key,
    book       uuid        not null,
    delegation text        not null,
    act        text        not null,
    target     text        not null,
    status     text        not null,
    version    bigint      not null,
    begun      timestamptz not null,
    updated    timestamptz not null
);

create index prepared_listed on views.prepared (book, begun desc, id);


-- The caller's books; none where nothing is said.
create function views.books() returns uuid[]
    language sql stable
    set search_path = pg_catalog, pg_temp
    return nullif(current_setting('accord.books', true), '')::uuid[];


-- In a sub-select, so that the books are read once a query and not once a row. The cast makes it an array for ANY, and not
-- a set of arrays.
alter table views.proposal_versions enable row level security;
alter table views.needs             enable row level security;
alter table views.drafts            enable row level security;
alter table views.prepared          enable row level security;

create policy reader on views.proposal_versions for select using (book = any ((select views.books())::uuid[]));
create policy reader on views.needs             for select using (book = any ((select views.books())::uuid[]));
create policy reader on views.drafts            for select using (book = any ((select views.books())::uuid[]));
create policy reader on views.prepared          for select using (book = any ((select views.books())::uuid[]));

create policy projector on views.proposal_versions to accord_projector using (true);
create policy projector on views.needs             to accord_projector using (true);
create policy projector on views.drafts            to accord_projector using (true);
create policy projector on views.prepared          to accord_projector using (true);

-- Also against a function of the owner's that forgets its callers' books. Not for proposal_versions: views.search goes
-- around the wall there, by its trade.
alter table views.needs    force row level security;
alter table views.drafts   force row level security;
alter table views.prepared force row level security;


-- The versions, holding at a moment, in whose number and title each of the patterns is found. It filters by the caller's
-- books itself: behind row-level security LIKE can use no index, since a leaky operator may not see a hidden row.
create function views.search(patterns text[], moment timestamptz, effective timestamptz)
    returns table (proposal uuid, at_from timestamptz)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    select v.proposal, v.at_from
      from views.proposal_versions as v
     where v.book = any ((select views.books())::uuid[])
       and v.at_from <= search.moment
       and v.effective_from <= search.effective
       and (coalesce(v.at_to, 'infinity') > search.moment or v.effective_to > search.effective)
       and v.sought like all (search.patterns);
end;


-- How far each projection has come, how many facts it is behind, and whether something holds it up. Counts over all books:
-- for the operator's own listener, never for a reader.
create function views.progress()
    returns table (name text, "position" bigint, lag bigint, parked boolean)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    select c.name, c.position, h.position - c.position, c.parked_at is not null
      from views.checkpoints as c, record.head as h
     order by c.name;
end;


-- The projections need the forum's rules and who is in a format: they find these few facts without reading all.
create index facts_house on record.facts (position) where type in ('forum.founded', 'format.defined');


revoke all on schema views from public;
revoke all on all tables in schema views from public;
revoke all on all functions in schema views from public;

grant usage on schema views to accord_app, accord_projector;

grant select on views.proposal_versions, views.needs, views.drafts, views.prepared to accord_app;
grant select (name, position) on views.checkpoints to accord_app;
grant execute on function views.books, views.search, views.progress to accord_app;
grant execute on function record.clock to accord_app;

grant select, insert, update, delete, truncate on views.proposal_versions, views.needs, views.drafts, views.prepared
    to accord_projector;
grant select, insert, update on views.checkpoints to accord_projector;
grant execute on function views.books, views.progress to accord_projector;
