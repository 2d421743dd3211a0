-- Who is behind the opaque ids of the record, and by which tokens they are known. Beside the record, so that it can be erased.
--
-- The owner's role runs this. The app can ask whose a token is, and make and revoke them; it cannot read a hash.

set local lock_timeout = '5s';
set local statement_timeout = '60s';

create schema people;


create table people.person (
    id      uuid        primary key,
    name    text,                                                           -- null once it is erased
    created timestamptz not null default record.clock()
);


create table people.token (
    id      uuid        primary key,
    person  uuid        not null references people.person,
    sha256  bytea       not null unique check (octet_length(sha256) = 32),  -- of the token, which is shown once
    label   text        not null,
    created timestamptz not null default record.clock(),
    expires timestamptz,
    revoked timestamptz
);

create index token_person on people.token (person);


create table people.invitation (
    sha256  bytea       primary key check (octet_length(sha256) = 32),      -- of the invitation, which is shown once
    person  uuid        not null references people.person,
    created timestamptz not null default record.clock(),
    used    timestamptz
);

create index invitation_person on people.invitation (person);


-- Whose token it is, if it still holds.
create function people.holder(sha256 bytea) returns uuid
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    select t.person
      from people.token as t
     where t.sha256 = holder.sha256
       and t.revoked is null
       and (t.expires is null or t.expires > (select record.clock()));
end;


-- Give a token for an invitation that nobody used yet: whose it is, and null where there is none. The row that is updated
-- is locked, so of two that come at once the second finds it used.
create function people.exchange(invitation bytea, token uuid, sha256 bytea, label text, expires timestamptz) returns uuid
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    with invited as (
        update people.invitation as i
           set used = record.clock()
         where i.sha256 = exchange.invitation
           and i.used is null
        returning i.person
    )
    insert into people.token (id, person, sha256, label, expires)
    select exchange.token, invited.person, exchange.sha256, exchange.label, exchange.expires
      from invited
    returning person;
end;


revoke all on schema people from public;
revoke all on all tables in schema people from public;
revoke all on all functions in schema people from public;

grant usage on schema people to accord_app;

grant select, insert on people.person to accord_app;
grant insert on people.token, people.invitation to accord_app;
grant select (id, person, label, created, expires, revoked) on people.token to accord_app;
grant update (revoked) on people.token to accord_app;
grant execute on function people.holder, people.exchange to accord_app;
