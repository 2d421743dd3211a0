-- Agreements are read from the versions of proposals that bear one: few of many.

set local lock_timeout = '5s';
set local statement_timeout = '60s';

create index proposal_versions_agreed on views.proposal_versions (agreement) where agreement is not null;
create index proposal_versions_followed on views.proposal_versions (predecessor) where predecessor is not null;
