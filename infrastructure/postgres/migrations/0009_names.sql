-- A person's name can be changed, and erased. The owner's role runs this. The app changes one person's at a time, by function.

set local lock_timeout = '5s';
set local statement_timeout = '60s';

create index person_listed on people.person (created desc, id);

-- What an update leaves behind holds the old name until it is swept: at the next round, however little that is.
alter table people.person set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);


-- Put another name in place of the one that the person has; whether it had one. What was erased is not written again.
create function people.rename(person uuid, name text) returns boolean
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    with renamed as (
        update people.person as p
           set name = rename.name
         where p.id = rename.person
           and p.name is not null
        returning p.id
    )
    select exists (select from renamed);
end;


-- Let the person have no name, from now on.
create function people.erase(person uuid) returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    update people.person as p
       set name = null
     where p.id = erase.person
       and p.name is not null;
end;


revoke all on function people.rename, people.erase from public;
grant execute on function people.rename, people.erase to accord_app;
