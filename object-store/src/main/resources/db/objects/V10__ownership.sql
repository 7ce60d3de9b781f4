-- Buckets made before ownership could be chosen had no ACLs.
INSERT INTO bucket_document (bucket, kind, document) SELECT name, 'ownership', 'BucketOwnerEnforced' FROM bucket;
