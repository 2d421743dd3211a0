-- The books as trees: what the integrator makes of the record, what the signer signed of it, and who cosigned.
--
-- The owner's role runs this. The projector alone writes trees, tiles and checkpoints; the app reads what lies in the books that
-- it names in `accord.books`, as it reads the views. Entries and openings are cut from the facts: nothing is stored twice.

set local lock_timeout = '5s';
set local statement_timeout = '60s';

create schema books;


-- How far the trees have come, in one row. Who takes a page of the record into the trees holds it until COMMIT.
create table books.integrated (
    id       bigint primary key check (id = 1),
    position bigint not null check (position >= 0)  -- of the last fact that is in a tree, or in a book that is parked
);

insert into books.integrated (id, position) values (1, 0);


-- The tree of each book as far as it is built. Its tiles are in the same transaction.
create table books.trees (
    book    uuid   primary key,
    size    bigint not null check (size >= 0),
    root    bytea  not null check (octet_length(root) = 32),
    parked  text,                                   -- what is wrong with the book, whose tree then stays as it is
    signing text                                    -- why its last size is not signed: the signer is away, or its reason
) with (fillfactor = 50);


-- A tile of a tree, grown until it holds 256 hashes and never changed then. A partial tile is how it begins.
create table books.tiles (
    book  uuid   not null,
    level bigint not null check (level between 0 and 7),
    n     bigint not null check (n >= 0),
    data  bytea  not null check (octet_length(data) between 32 and 8192 and octet_length(data) % 32 = 0),
    primary key (book, level, n)
);

-- Hashes do not shrink.
alter table books.tiles alter column data set storage external;


-- Every checkpoint that was ever signed. Stored is published: the row is there after the tiles that it speaks of.
create table books.checkpoints (
    book      uuid        not null,
    size      bigint      not null check (size > 0),
    root      bytea       not null check (octet_length(root) = 32),
    note      text        not null,                 -- the text, and the signatures of the log
    signed_at timestamptz not null,
    primary key (book, size)
);


-- Who says to have seen a checkpoint: a line under its note.
create table books.cosignatures (
    book    uuid   not null,
    size    bigint not null,
    witness text   not null,                        -- the name and id of its key: it may have two, while one replaces the other
    line    text   not null,
    primary key (book, size, witness),
    foreign key (book, size) references books.checkpoints
);


alter table books.trees        enable row level security;
alter table books.tiles        enable row level security;
alter table books.checkpoints  enable row level security;
alter table books.cosignatures enable row level security;

create policy reader on books.trees        for select to accord_app using (book = any ((select views.books())::uuid[]));
create policy reader on books.tiles        for select to accord_app using (book = any ((select views.books())::uuid[]));
create policy reader on books.checkpoints  for select to accord_app using (book = any ((select views.books())::uuid[]));
create policy reader on books.cosignatures for select to accord_app using (book = any ((select views.books())::uuid[]));

create policy projector on books.trees        to accord_projector using (true);
create policy projector on books.tiles        to accord_projector using (true);
create policy projector on books.checkpoints  to accord_projector using (true);
create policy projector on books.cosignatures to accord_projector using (true);


-- The commitments of a book of the caller's from an index on, at most so many.
create function books.commitments(book uuid, first bigint, most int)
    returns table (commit bytea)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    select f.commit
      from record.facts as f
     where f.book = commitments.book
       and f.book = any ((select views.books())::uuid[])
       and f.index >= commitments.first
       and f.index < commitments.first + commitments.most
     order by f.index;
end;


-- What opens the commitments of a book of the caller's from an index on, at most so many.
create function books.opening(book uuid, first bigint, most int)
    returns table (salt bytea, envelope bytea)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    select f.salt, f.envelope
      from record.facts as f
     where f.book = opening.book
       and f.book = any ((select views.books())::uuid[])
       and f.index >= opening.first
       and f.index < opening.first + opening.most
     order by f.index;
end;


revoke all on schema books from public;
revoke all on all tables in schema books from public;
revoke all on all functions in schema books from public;

grant usage on schema books to accord_app, accord_projector;

grant select on books.trees, books.tiles, books.checkpoints, books.cosignatures to accord_app;
grant execute on function books.commitments, books.opening to accord_app;

grant select, update on books.integrated to accord_projector;
grant select, insert, update, delete on books.trees, books.tiles to accord_projector;
grant select, insert on books.checkpoints to accord_projector;
grant select on books.cosignatures to accord_projector;
