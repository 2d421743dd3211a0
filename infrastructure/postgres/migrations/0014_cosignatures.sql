-- What a delegation's witness says to have seen, beside the checkpoint that it is of.
--
-- The owner's role runs this. The app checks the signature; here a line finds its checkpoint, in the caller's books alone.

set local lock_timeout = '5s';
set local statement_timeout = '60s';


-- Keep a line under a checkpoint: true where both are there. The first that a witness gave with a key stays, since its time bounds when
-- the checkpoint was there at the latest; the same again changes nothing.
create function books.cosign(book uuid, size bigint, witness text, line text)
    returns boolean
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    with known as (
        select c.book, c.size
          from books.checkpoints as c
         where c.book = cosign.book
           and c.size = cosign.size
           and c.book = any ((select views.books())::uuid[])
    ),
    kept as (
        insert into books.cosignatures (book, size, witness, line)
        select k.book, k.size, cosign.witness, cosign.line
          from known as k
            on conflict do nothing
        returning true
    )
    select exists (select from known);
end;


revoke all on function books.cosign from public;
grant execute on function books.cosign to accord_app;
