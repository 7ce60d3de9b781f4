"""Data frames and files on S3 by s3fs and awswrangler, as notebooks use them."""

import urllib.request

import awswrangler as wr
import boto3
import pandas as pd
import pytest
import s3fs


@pytest.fixture(scope="module")
def files(shell):
    s3fs.S3FileSystem.clear_instance_cache()
    return s3fs.S3FileSystem(use_listings_cache=False)


@pytest.fixture(scope="module")
def frame():
    return pd.DataFrame({"id": range(1000), "name": ["n%d" % (i % 7) for i in range(1000)],
                         "value": [i / 8 for i in range(1000)],
                         "day": pd.to_datetime("2026-01-01") + pd.to_timedelta(range(1000), unit="h")})


KEYS = ["plain.txt", "with space.txt", "ünïcode-數據.txt", "a+b&c=d.txt", "deep/er/and/deeper.txt", "per%20cent.txt",
        "hash#quest.txt", "tilde~(paren).txt"]


@pytest.mark.parametrize("key", KEYS)
def test_s3fs_writes_and_reads_any_key(files, bucket, key):
    path = f"{bucket}/{key}"
    with files.open(path, "wb") as out:
        out.write(b"content of " + key.encode())
    assert files.cat(path) == b"content of " + key.encode()
    assert files.exists(path) and files.info(path)["size"] == len(b"content of ") + len(key.encode())


def test_s3fs_overwrites(files, bucket):
    path = f"{bucket}/over"
    files.pipe(path, b"first")
    files.pipe(path, b"second")
    assert files.cat(path) == b"second"


def test_s3fs_lists_and_globs(files, bucket):
    for name in ("a/1.csv", "a/2.csv", "a/b/3.csv", "c/4.json"):
        files.pipe(f"{bucket}/{name}", b"x")
    assert sorted(files.ls(f"{bucket}/a", detail=False)) == [f"{bucket}/a/1.csv", f"{bucket}/a/2.csv", f"{bucket}/a/b"]
    assert sorted(files.glob(f"{bucket}/**/*.csv")) == [f"{bucket}/a/1.csv", f"{bucket}/a/2.csv", f"{bucket}/a/b/3.csv"]
    assert files.glob(f"{bucket}/a/*.csv") == [f"{bucket}/a/1.csv", f"{bucket}/a/2.csv"]
    assert len(files.find(bucket)) == 4 and files.isdir(f"{bucket}/a") and files.isfile(f"{bucket}/c/4.json")


def test_s3fs_reads_ranges_and_seeks(files, bucket):
    data = bytes(i % 251 for i in range(200_000))
    files.pipe(f"{bucket}/ranges", data)
    with files.open(f"{bucket}/ranges", "rb", block_size=10_000) as source:
        source.seek(123_456)
        assert source.read(1000) == data[123_456:124_456]
        source.seek(-7, 2)
        assert source.read() == data[-7:]
    assert files.cat_file(f"{bucket}/ranges", start=10, end=20) == data[10:20]


def test_s3fs_sends_large_files_in_parts(files, bucket):
    data = b"0123456789abcdef" * (12 << 16)
    with files.open(f"{bucket}/large", "wb", block_size=5 << 20) as out:
        out.write(data)
    assert files.size(f"{bucket}/large") == len(data)
    assert files.cat(f"{bucket}/large") == data
    assert files.checksum(f"{bucket}/large") is not None


def test_s3fs_copies_moves_and_removes(files, bucket):
    files.pipe(f"{bucket}/one", b"x")
    files.copy(f"{bucket}/one", f"{bucket}/two")
    files.mv(f"{bucket}/two", f"{bucket}/three")
    assert not files.exists(f"{bucket}/two") and files.cat(f"{bucket}/three") == b"x"
    files.rm(bucket + "/one")
    assert files.ls(bucket, detail=False) == [f"{bucket}/three"]


def test_s3fs_removes_trees(files, bucket):
    for i in range(20):
        files.pipe(f"{bucket}/tree/{i % 3}/{i}", b"x")
    files.rm(f"{bucket}/tree", recursive=True)
    assert files.find(bucket) == []


def test_s3fs_uploads_and_downloads_folders(files, bucket, tmp_path):
    (tmp_path / "up/sub").mkdir(parents=True)
    (tmp_path / "up/a").write_text("a")
    (tmp_path / "up/sub/b").write_text("b")
    files.put(str(tmp_path / "up"), f"{bucket}/folder", recursive=True)
    files.get(f"{bucket}/folder", str(tmp_path / "down"), recursive=True)
    assert (tmp_path / "down/sub/b").read_text() == "b" and (tmp_path / "down/a").read_text() == "a"


def test_s3fs_keeps_metadata_and_tags(files, bucket):
    path = f"{bucket}/described"
    files.pipe(path, b"x")
    files.setxattr(path, colour="red")
    assert files.metadata(path)["colour"] == "red"
    files.put_tags(path, {"team": "data"})
    assert files.get_tags(path) == {"team": "data"}


def test_s3fs_signs_urls(files, bucket):

    files.pipe(f"{bucket}/shared", b"to all")
    url = files.sign(f"{bucket}/shared", expiration=60)
    assert urllib.request.urlopen(url, timeout=30).read() == b"to all"


def test_s3fs_says_what_is_missing(files, bucket):
    with pytest.raises(FileNotFoundError):
        files.cat(f"{bucket}/nothing")
    with pytest.raises(FileNotFoundError):
        files.ls("no-such-bucket-of-anyone")


def test_s3fs_appends(files, bucket):
    path = f"{bucket}/log"
    files.pipe(path, b"one\n")
    with files.open(path, "ab") as out:
        out.write(b"two\n")
    assert files.cat(path) == b"one\ntwo\n"


@pytest.mark.parametrize("suffix, compression", [("csv", None), ("csv.gz", "gzip")])
def test_pandas_reads_what_it_wrote(bucket, frame, suffix, compression):
    path = f"s3://{bucket}/frame.{suffix}"
    frame.to_csv(path, index=False, compression=compression)
    read = pd.read_csv(path, parse_dates=["day"], compression=compression)
    pd.testing.assert_frame_equal(read.astype(frame.dtypes.to_dict()), frame)


def test_pandas_reads_parquet_columns(bucket, frame):
    frame.to_parquet(f"s3://{bucket}/frame.parquet")
    assert list(pd.read_parquet(f"s3://{bucket}/frame.parquet", columns=["id", "value"]).columns) == ["id", "value"]


def test_wrangler_writes_and_reads_csv(bucket, frame):
    wr.s3.to_csv(frame, f"s3://{bucket}/w.csv", index=False)
    assert len(wr.s3.read_csv(f"s3://{bucket}/w.csv")) == 1000


def test_wrangler_writes_and_reads_json(bucket, frame):
    wr.s3.to_json(frame.head(10), f"s3://{bucket}/w.json", orient="records", lines=True)
    assert len(wr.s3.read_json(f"s3://{bucket}/w.json", orient="records", lines=True)) == 10


def test_wrangler_writes_and_reads_parquet(bucket, frame):
    wr.s3.to_parquet(frame, f"s3://{bucket}/w.parquet")
    read = wr.s3.read_parquet(f"s3://{bucket}/w.parquet")
    assert read["value"].sum() == frame["value"].sum()


@pytest.mark.parametrize("mode, rows", [("append", 2000), ("overwrite", 1000)])
def test_wrangler_writes_partitioned_data_sets(bucket, frame, mode, rows):
    path = f"s3://{bucket}/set/"
    for _ in range(2):
        wr.s3.to_parquet(frame, path, dataset=True, partition_cols=["name"], mode=mode)
    assert len(wr.s3.read_parquet(path, dataset=True)) == rows
    some = wr.s3.read_parquet(path, dataset=True, partition_filter=lambda part: part["name"] == "n3")
    assert set(some["name"]) == {"n3"}


def test_wrangler_overwrites_single_partitions(bucket, frame):
    path = f"s3://{bucket}/parts/"
    wr.s3.to_parquet(frame, path, dataset=True, partition_cols=["name"])
    wr.s3.to_parquet(frame[frame["name"] == "n1"].head(5), path, dataset=True, partition_cols=["name"],
                     mode="overwrite_partitions")
    counts = wr.s3.read_parquet(path, dataset=True)["name"].value_counts()
    assert counts["n1"] == 5 and counts["n2"] == 143


def test_wrangler_lists_describes_and_deletes(bucket, frame):
    for i in range(5):
        wr.s3.to_csv(frame.head(i + 1), f"s3://{bucket}/many/{i}.csv", index=False)
    objects = wr.s3.list_objects(f"s3://{bucket}/many/")
    assert len(objects) == 5 and len(wr.s3.list_objects(f"s3://{bucket}/many/[0-2].csv")) == 3
    assert wr.s3.list_directories(f"s3://{bucket}/") == [f"s3://{bucket}/many/"]
    sizes = wr.s3.size_objects(objects)
    assert all(size > 0 for size in sizes.values())
    assert wr.s3.does_object_exist(objects[0])
    wr.s3.delete_objects(f"s3://{bucket}/many/*")
    assert wr.s3.list_objects(f"s3://{bucket}/many/") == []


def test_wrangler_copies_and_merges(bucket, frame):
    wr.s3.to_parquet(frame, f"s3://{bucket}/from/", dataset=True)
    wr.s3.merge_datasets(source_path=f"s3://{bucket}/from/", target_path=f"s3://{bucket}/to/", mode="append")
    assert len(wr.s3.read_parquet(f"s3://{bucket}/to/")) == 1000


def test_wrangler_reads_in_chunks(bucket, frame):
    wr.s3.to_csv(frame, f"s3://{bucket}/chunks.csv", index=False)
    assert [len(chunk) for chunk in wr.s3.read_csv(f"s3://{bucket}/chunks.csv", chunksize=300)] == [300, 300, 300, 100]


def test_wrangler_uploads_downloads_and_waits(bucket, tmp_path):
    (tmp_path / "up").write_bytes(b"bytes" * 1000)
    wr.s3.upload(str(tmp_path / "up"), f"s3://{bucket}/up")
    wr.s3.wait_objects_exist([f"s3://{bucket}/up"], delay=1, max_attempts=3)
    wr.s3.download(f"s3://{bucket}/up", str(tmp_path / "down"))
    assert (tmp_path / "down").read_bytes() == b"bytes" * 1000


def test_wrangler_names_the_region_of_a_bucket(bucket):
    assert wr.s3.get_bucket_region(bucket) == boto3.session.Session().region_name
