-- A view is built anew beside the live one, and takes its place in one short transaction.
--
-- The owner's role runs this. The projector may make no tables, so functions of the owner's make them for it: like the live
-- ones, in a schema into which no reader has a way, and nothing else.

-- Tables that are being filled.
create schema views_next;

-- Tables that were live, until whoever still reads them has ended.
create schema views_last;


-- How far the building of each view has come. Written by the projector, in one transaction with the rows that it speaks of.
create table views.rebuilds (
    name     text   primary key,
    program  bytea  not null,       -- which began it: another would make other rows, and does not go on
    target   bigint not null,       -- the facts up to here are filled in, one stream after the other
    stream   uuid,                  -- the last stream that is filled in
    position bigint                 -- null until all are; from then on, how far the next tables follow the record
);


-- Raise, unless each of these is a table that readers see through the wall.
create function views.must_be_views(names text[]) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    name text;
begin
    foreach name in array names loop
        if not exists (select
                         from pg_class as c
                        where c.relnamespace = 'views'::regnamespace
                          and c.relname = name
                          and c.relkind = 'r'
                          and c.relrowsecurity) then
            raise exception '% is no table of a view', name;
        end if;
    end loop;
end $$;


-- Make the next tables, empty, whatever was there. They get the columns, checks, storage options and rights of the live ones; the
-- rest comes when they are full, since COPY knows no row-level security and an index is made sooner at once.
create function views.begin_next(names text[]) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    name text;
    live regclass;
    line text;
begin
    perform views.must_be_views(names);
    perform views.drop_last(names);
    foreach name in array names loop
        live := format('views.%I', name);
        execute format('drop table if exists views_next.%I', name);
        execute format('create table views_next.%I (like views.%I including all excluding indexes)', name, name);
        for line in
            select format('alter table views_next.%I set (%s)', name, array_to_string(c.reloptions, ', '))
              from pg_class as c
             where c.oid = live
               and c.reloptions is not null
             union all
            select format('grant %s on views_next.%I to %s', a.privilege_type, name, g.grantee)
              from pg_class as c,
                   aclexplode(c.relacl) as a,
                   lateral (select case a.grantee when 0 then 'public' else a.grantee::regrole::text end) as g (grantee)
             where c.oid = live
               and a.grantee <> c.relowner
             union all
            select format('grant %s (%I) on views_next.%I to %s', a.privilege_type, x.attname, name, g.grantee)
              from pg_attribute as x,
                   aclexplode(x.attacl) as a,
                   lateral (select case a.grantee when 0 then 'public' else a.grantee::regrole::text end) as g (grantee)
             where x.attrelid = live
        loop
            execute line;
        end loop;
    end loop;
end $$;


-- Give the full tables what they lack of the live ones: indexes, constraints, policies, the wall; and statistics.
create function views.finish_next(names text[]) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    name text;
    live regclass;
    line text;
begin
    perform views.must_be_views(names);
    foreach name in array names loop
        live := format('views.%I', name);
        for line in
            select format('alter table views_next.%I add constraint %I %s', name, c.conname, pg_get_constraintdef(c.oid))
              from pg_constraint as c
             where c.conrelid = live
               and c.contype in ('p', 'u', 'x')
             union all
            select replace(pg_get_indexdef(i.indexrelid), format(' ON views.%I USING ', name),
                                                          format(' ON views_next.%I USING ', name))
              from pg_index as i
             where i.indrelid = live
               and not exists (select from pg_constraint as c where c.conindid = i.indexrelid)
             union all
            select format('create policy %I on views_next.%I as %s for %s to %s', p.polname, name,
                          case when p.polpermissive then 'permissive' else 'restrictive' end,
                          case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                                        when 'd' then 'delete' else 'all' end,
                          (select string_agg(case r.role when 0 then 'public' else r.role::regrole::text end, ', ')
                             from unnest(p.polroles) as r (role)))
                   || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
                   || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
              from pg_policy as p
             where p.polrelid = live
             union all
            select format('alter table views_next.%I enable row level security', name)
             union all
            select format('alter table views_next.%I force row level security', name)
              from pg_class as c
             where c.oid = live
               and c.relforcerowsecurity
             union all
            select format('analyze views_next.%I', name)
        loop
            execute line;
        end loop;
    end loop;
end $$;


-- Have the next tables take the place of the live ones. Within the transaction that says how far they are.
--
-- A statement finds its tables by name, anew where it was prepared. A function whose body is SQL is bound to the tables
-- themselves: its text is read before they change places, and bound again after. What ran into the change still reads
-- the last ones, so they are dropped only some time later.
create function views.swap_next(names text[]) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    name  text;
    line  text;
    bound text[];
begin
    perform views.must_be_views(names);
    perform views.drop_last(names);
    select array_agg(pg_get_functiondef(f.oid))
      into bound
      from pg_proc as f
     where f.oid in (select d.objid
                       from pg_depend as d
                      where d.classid = 'pg_proc'::regclass
                        and d.refclassid = 'pg_class'::regclass
                        and d.refobjid in (select format('views.%I', n)::regclass from unnest(names) as n));
    foreach name in array names loop
        execute format('alter table views.%I set schema views_last', name);
        execute format('alter table views_next.%I set schema views', name);
    end loop;
    foreach line in array coalesce(bound, '{}') loop
        execute line;
    end loop;
end $$;


-- Drop tables that were live. Fails where anything is still bound to one.
create function views.drop_last(names text[]) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    name text;
begin
    foreach name in array names loop
        execute format('drop table if exists views_last.%I', name);
    end loop;
end $$;


revoke all on schema views_next, views_last from public;
revoke all on views.rebuilds from public;
revoke all on function views.must_be_views, views.begin_next, views.finish_next, views.swap_next, views.drop_last from public;

grant usage on schema views_next to accord_projector;
grant select, insert, update, delete on views.rebuilds to accord_projector;
grant execute on function views.begin_next, views.finish_next, views.swap_next, views.drop_last to accord_projector;
