-- apps that somebody asked to keep although nobody uses them, until when
create table studio_kept (
  app text not null,
  attempt integer not null,
  until integer not null,
  primary key (app)
);
