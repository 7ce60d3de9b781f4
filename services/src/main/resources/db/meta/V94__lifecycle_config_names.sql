-- ARNs of lifecycle configurations of notebook instances have names as they were given
update tag set arn = (select substr(r.arn, 1, length(r.arn) - length(r.name)) || r.name from studio_resource r
    where r.arn = tag.arn)
  where arn in (select arn from studio_resource where kind = 'notebook-instance-lifecycle-config');
update studio_resource set arn = substr(arn, 1, length(arn) - length(name)) || name
  where kind = 'notebook-instance-lifecycle-config';
