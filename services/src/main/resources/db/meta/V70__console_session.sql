-- token is the SHA-256 of the cookie; the session's rights are those of its row in iam_session.
-- password tells which password it began with: SHA-256 of the stored hash, or empty for a user without one
create table console_session (
  token text primary key,
  access_key_id text not null unique,
  user_id text not null,
  password text not null,
  expires_at integer not null
);
create index console_session_expiry on console_session (expires_at);
