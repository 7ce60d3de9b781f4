-- the unique ids of the users and roles that the trust policy names, by how it names them: a JSON object
alter table iam_role add column trusted text not null default '{}';
