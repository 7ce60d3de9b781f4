-- what these rows are called, so that pages can be told which of them changed
alter table iam_user add column arn text
  generated always as ('arn:aws:iam::' || account || ':user' || path || name) virtual;
alter table iam_group add column arn text
  generated always as ('arn:aws:iam::' || account || ':group' || path || name) virtual;
alter table iam_role add column arn text
  generated always as ('arn:aws:iam::' || account || ':role' || path || name) virtual;
alter table iam_policy add column arn text
  generated always as ('arn:aws:iam::' || account || ':policy' || path || name) virtual;
alter table log_group add column arn text
  generated always as ('arn:' || case when region like 'cn-%' then 'aws-cn' when region like 'us-gov-%' then 'aws-us-gov'
    else 'aws' end || ':logs:' || region || ':' || account || ':log-group:' || name) virtual;
