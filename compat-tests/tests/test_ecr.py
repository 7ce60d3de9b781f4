"""ECR: repositories and images by boto3, and pushes and pulls over the registry's own protocol."""

import base64
import json
import os
import subprocess

import pytest
from botocore.exceptions import ClientError

from server import wait_until
from registry_client import DOCKER, OCI, Image, Registry, digest, layer

ACCOUNT = "123456789012"
HOST = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"
MISSING = "sha256:" + "0" * 64


@pytest.fixture(scope="module")
def ecr(server):
    return server.client("ecr")


@pytest.fixture
def repository(ecr, unique):
    name = "compat/r" + unique
    ecr.create_repository(repositoryName=name)
    yield name
    ecr.delete_repository(repositoryName=name, force=True)


def token(ecr):
    return ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]


@pytest.fixture
def registry(server, ecr, repository):
    return Registry(server.url, repository, token(ecr))


def refused(failure):
    return failure.value.response["Error"]["Code"]


def message(failure):
    return failure.value.response["Error"]["Message"]


def errors(answer):
    return [each["code"] for each in answer.json()["errors"]]


def upload(ecr, repository, content):
    """A layer by the API alone."""
    started = ecr.initiate_layer_upload(repositoryName=repository)
    size = started["partSize"]
    for first in range(0, len(content), size):
        part = content[first:first + size]
        sent = ecr.upload_layer_part(repositoryName=repository, uploadId=started["uploadId"], partFirstByte=first,
                                     partLastByte=first + len(part) - 1, layerPartBlob=part)
        assert sent["lastByteReceived"] == first + len(part) - 1
    done = ecr.complete_layer_upload(repositoryName=repository, uploadId=started["uploadId"],
                                     layerDigests=[digest(content)])
    assert done["layerDigest"] == digest(content)


def put(ecr, repository, image, tag=None):
    for each in image.blobs:
        try:
            upload(ecr, repository, each)
        except ecr.exceptions.LayerAlreadyExistsException:
            pass
    return ecr.put_image(repositoryName=repository, imageManifest=image.manifest.decode(),
                         **({"imageTag": tag} if tag else {}))


def test_a_repository_is_made_described_and_deleted(ecr, unique):
    made = ecr.create_repository(repositoryName="compat/" + unique, tags=[{"Key": "team", "Value": "research"}],
                                 imageScanningConfiguration={"scanOnPush": True})["repository"]
    assert made["repositoryArn"] == f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/compat/{unique}"
    assert made["repositoryUri"] == f"{HOST}/compat/{unique}"
    assert made["imageTagMutability"] == "MUTABLE" and made["encryptionConfiguration"] == {"encryptionType": "AES256"}
    assert ecr.describe_repositories(repositoryNames=["compat/" + unique])["repositories"] == [made]
    with pytest.raises(ClientError) as failure:
        ecr.create_repository(repositoryName="compat/" + unique)
    assert refused(failure) == "RepositoryAlreadyExistsException"
    arn = made["repositoryArn"]
    ecr.tag_resource(resourceArn=arn, tags=[{"Key": "stage", "Value": "test"}])
    ecr.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert ecr.list_tags_for_resource(resourceArn=arn)["tags"] == [{"Key": "stage", "Value": "test"}]
    ecr.delete_repository(repositoryName="compat/" + unique)
    with pytest.raises(ClientError) as failure:
        ecr.describe_repositories(repositoryNames=["compat/" + unique])
    assert refused(failure) == "RepositoryNotFoundException"
    assert message(failure) == (f"The repository with name 'compat/{unique}' does not exist in the registry with id "
                                f"'{ACCOUNT}'")


def test_names_and_words_are_checked_in_ecrs_words(ecr):
    with pytest.raises(ClientError) as failure:
        ecr.create_repository(repositoryName="Bad-Name")
    assert refused(failure) == "InvalidParameterException"
    assert message(failure).startswith("Invalid parameter at 'repositoryName' failed to satisfy constraint: "
                                       "'must satisfy regular expression '")
    with pytest.raises(ClientError) as failure:
        ecr.list_tags_for_resource(resourceArn="nonsense")
    assert refused(failure) == "InvalidParameterException"


def test_repositories_are_listed_page_by_page(ecr, unique):
    names = [f"paged-{unique}/{i}" for i in range(5)]
    for each in names:
        ecr.create_repository(repositoryName=each)
    pages = list(ecr.get_paginator("describe_repositories").paginate(PaginationConfig={"PageSize": 2}))
    found = [each["repositoryName"] for page in pages for each in page["repositories"]]
    assert len(pages) > 2 and [each for each in found if each in names] == names
    for each in names:
        ecr.delete_repository(repositoryName=each)


def test_an_image_is_put_and_got_by_the_api(ecr, repository, server):
    image = Image(layer(a="one"), layer(b="two"))
    assert put(ecr, repository, image, "latest")["image"]["imageId"] == {
        "imageDigest": image.digest, "imageTag": "latest"}
    got = ecr.batch_get_image(repositoryName=repository, imageIds=[{"imageTag": "latest"}, {"imageTag": "none"}, {}])
    assert got["images"][0]["imageManifest"].encode() == image.manifest
    assert [each["failureCode"] for each in got["failures"]] == ["ImageNotFound", "MissingDigestAndTag"]
    detail = ecr.describe_images(repositoryName=repository)["imageDetails"][0]
    assert detail["imageTags"] == ["latest"] and detail["imageManifestMediaType"] == DOCKER
    assert detail["imageSizeInBytes"] == sum(len(each) for each in image.blobs) and detail["lastRecordedPullTime"]
    layers = ecr.batch_check_layer_availability(repositoryName=repository, layerDigests=[
        digest(image.layers[0]), MISSING])
    assert [each["layerAvailability"] for each in layers["layers"]] == ["AVAILABLE", "UNAVAILABLE"]
    url = ecr.get_download_url_for_layer(repositoryName=repository, layerDigest=digest(image.layers[0]))["downloadUrl"]
    assert Registry(server.url, repository, None).call("GET", url).content == image.layers[0]
    assert Registry(server.url, repository, None).call("GET", url[:-3] + "abc").status_code == 403


def test_what_a_manifest_needs_must_be_there(ecr, repository):
    image = Image(layer(a=repository))
    with pytest.raises(ClientError) as failure:
        ecr.put_image(repositoryName=repository, imageManifest=image.manifest.decode(), imageTag="x")
    assert refused(failure) == "LayersNotFoundException" and digest(image.layers[0]) in message(failure)
    with pytest.raises(ClientError) as failure:
        ecr.put_image(repositoryName=repository, imageManifest="{no json")
    assert refused(failure) == "InvalidParameterException"
    put(ecr, repository, image, "x")
    with pytest.raises(ClientError) as failure:
        put(ecr, repository, image, "x")
    assert refused(failure) == "ImageAlreadyExistsException"
    index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
        {"mediaType": DOCKER, "digest": MISSING, "size": 3}]}
    with pytest.raises(ClientError) as failure:
        ecr.put_image(repositoryName=repository, imageManifest=json.dumps(index))
    assert refused(failure) == "ReferencedImagesNotFoundException"
    index["manifests"][0]["digest"] = image.digest
    ecr.put_image(repositoryName=repository, imageManifest=json.dumps(index), imageTag="list")
    gone = ecr.batch_delete_image(repositoryName=repository, imageIds=[{"imageDigest": image.digest}])
    assert gone["failures"][0]["failureCode"] == "ImageReferencedByManifestList"


def test_layers_are_checked_as_they_come(ecr, repository):
    upload_id = ecr.initiate_layer_upload(repositoryName=repository)["uploadId"]
    with pytest.raises(ClientError) as failure:
        ecr.complete_layer_upload(repositoryName=repository, uploadId=upload_id, layerDigests=[digest(b"abc")])
    assert refused(failure) == "EmptyUploadException"
    ecr.upload_layer_part(repositoryName=repository, uploadId=upload_id, partFirstByte=0, partLastByte=2,
                          layerPartBlob=b"abc")
    with pytest.raises(ClientError) as failure:
        ecr.upload_layer_part(repositoryName=repository, uploadId=upload_id, partFirstByte=7, partLastByte=9,
                              layerPartBlob=b"abc")
    assert refused(failure) == "InvalidLayerPartException"
    assert failure.value.response["lastValidByteReceived"] == 2
    with pytest.raises(ClientError) as failure:
        ecr.complete_layer_upload(repositoryName=repository, uploadId=upload_id, layerDigests=[digest(b"other")])
    assert refused(failure) == "InvalidLayerException"
    ecr.complete_layer_upload(repositoryName=repository, uploadId=upload_id, layerDigests=[digest(b"abc")])
    with pytest.raises(ClientError) as failure:
        ecr.complete_layer_upload(repositoryName=repository, uploadId=upload_id, layerDigests=[digest(b"abc")])
    assert refused(failure) == "UploadNotFoundException"
    with pytest.raises(ClientError) as failure:
        upload(ecr, repository, b"abc")
    assert refused(failure) == "LayerAlreadyExistsException"


def test_tags_move_unless_they_are_fixed(ecr, repository):
    first, second = Image(layer(a="1")), Image(layer(a="2"))
    put(ecr, repository, first, "latest")
    put(ecr, repository, second, "latest")
    listed = ecr.list_images(repositoryName=repository, filter={"tagStatus": "UNTAGGED"})["imageIds"]
    assert listed == [{"imageDigest": first.digest}]
    ecr.put_image_tag_mutability(repositoryName=repository, imageTagMutability="IMMUTABLE_WITH_EXCLUSION",
                                 imageTagMutabilityExclusionFilters=[{"filterType": "WILDCARD", "filter": "dev-*"}])
    with pytest.raises(ClientError) as failure:
        put(ecr, repository, first, "latest")
    assert refused(failure) == "ImageTagAlreadyExistsException"
    put(ecr, repository, first, "dev-1")
    put(ecr, repository, second, "dev-1")
    gone = ecr.batch_delete_image(repositoryName=repository, imageIds=[
        {"imageTag": "dev-1"}, {"imageDigest": "bad"}, {"imageTag": "none"}])
    assert gone["imageIds"] == [{"imageDigest": second.digest, "imageTag": "dev-1"}]
    assert [each["failureCode"] for each in gone["failures"]] == ["InvalidImageDigest", "ImageNotFound"]
    assert ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": "latest"}])["imageDetails"]
    with pytest.raises(ClientError) as failure:
        ecr.delete_repository(repositoryName=repository)
    assert refused(failure) == "RepositoryNotEmptyException"


def test_lifecycle_policies_say_what_they_would_do(ecr, repository):
    images = [Image(layer(a=str(i))) for i in range(4)]
    for i, each in enumerate(images):
        put(ecr, repository, each, f"prod-{i}" if i < 3 else "other")
    policy = json.dumps({"rules": [{"rulePriority": 1, "description": "keep one", "selection": {
        "tagStatus": "tagged", "tagPrefixList": ["prod-"], "countType": "imageCountMoreThan", "countNumber": 1},
        "action": {"type": "expire"}}]})
    started = ecr.start_lifecycle_policy_preview(repositoryName=repository, lifecyclePolicyText=policy)
    assert started["status"] == "IN_PROGRESS"
    ecr.get_waiter("lifecycle_policy_preview_complete").wait(repositoryName=repository)
    preview = ecr.get_lifecycle_policy_preview(repositoryName=repository)
    assert preview["summary"]["expiringImageTotalCount"] == 2
    assert {each["imageTags"][0] for each in preview["previewResults"]} == {"prod-0", "prod-1"}
    ecr.put_lifecycle_policy(repositoryName=repository, lifecyclePolicyText=policy)
    assert ecr.get_lifecycle_policy(repositoryName=repository)["lifecyclePolicyText"] == policy
    ecr.delete_lifecycle_policy(repositoryName=repository)
    with pytest.raises(ClientError) as failure:
        ecr.get_lifecycle_policy(repositoryName=repository)
    assert refused(failure) == "LifecyclePolicyNotFoundException"


def test_lifecycle_policies_expire_images(own_server, unique):
    server = own_server('{"lifecycle": {"everySeconds": 1}}').start()
    ecr = server.client("ecr")
    ecr.create_repository(repositoryName="r" + unique)
    images = [Image(layer(a=str(i))) for i in range(3)]
    for i, each in enumerate(images):
        put(ecr, "r" + unique, each, f"t{i}")
    ecr.put_lifecycle_policy(repositoryName="r" + unique, lifecyclePolicyText=json.dumps({"rules": [{
        "rulePriority": 1, "description": "the newest alone", "selection": {
            "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1}, "action": {"type": "expire"}}]}))
    wait_until(lambda: [each["imageTags"] for each in ecr.describe_images(repositoryName="r" + unique)["imageDetails"]]
               == [["t2"]], "the older images expired")
    server.kill()
    server.start()
    assert Registry(server.url, "r" + unique, token(server.client("ecr"))).pull("t2")[1] == images[2].blobs
    server.down()


def test_policies_of_repositories_decide(server, client, ecr, repository, administrator, unique):
    iam = administrator("iam")
    iam.create_user(UserName="puller-" + unique)
    key = iam.create_access_key(UserName="puller-" + unique)["AccessKey"]
    puller = client("ecr", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"],
                    aws_session_token="")
    image = Image(layer(a="secret"))
    put(ecr, repository, image, "latest")
    with pytest.raises(ClientError) as failure:
        puller.batch_get_image(repositoryName=repository, imageIds=[{"imageTag": "latest"}])
    assert refused(failure) == "AccessDeniedException"
    assert f"repository/{repository}" in message(failure)
    with pytest.raises(ClientError) as failure:
        puller.get_authorization_token()
    assert refused(failure) == "AccessDeniedException"
    iam.put_user_policy(UserName="puller-" + unique, PolicyName="token", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}]}))
    own = Registry(server.url, repository, token(puller))
    denied = own.call("GET", "manifests/latest")
    assert denied.status_code == 403 and errors(denied) == ["DENIED"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Sid": "pull", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/puller-{unique}"},
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}]})
    ecr.set_repository_policy(repositoryName=repository, policyText=policy)
    assert ecr.get_repository_policy(repositoryName=repository)["policyText"] == policy
    assert own.pull("latest")[1] == image.blobs
    assert errors(own.call("POST", "blobs/uploads/")) == ["DENIED"]
    iam.delete_access_key(UserName="puller-" + unique, AccessKeyId=key["AccessKeyId"])
    assert own.call("GET", "manifests/latest").status_code == 401
    ecr.delete_repository_policy(repositoryName=repository)
    with pytest.raises(ClientError) as failure:
        ecr.get_repository_policy(repositoryName=repository)
    assert refused(failure) == "RepositoryPolicyNotFoundException"
    with pytest.raises(ClientError) as failure:
        ecr.set_repository_policy(repositoryName=repository, policyText="{}")
    assert refused(failure) == "InvalidParameterException"


@pytest.mark.parametrize("media_type", [DOCKER, OCI])
@pytest.mark.parametrize("chunk", [None, 100])
def test_images_are_pushed_and_pulled(registry, ecr, repository, media_type, chunk):
    image = Image(layer(a="x" * 5000), layer(b=repository), media_type=media_type)
    registry.push(image, "v1", chunk)
    assert registry.pull("v1") == (json.loads(image.manifest), image.blobs)
    assert registry.pull(image.digest)[1] == image.blobs
    again = registry.push(image, "v1")
    assert again.status_code == 201
    head = registry.call("HEAD", "manifests/v1")
    assert head.headers["Content-Length"] == str(len(image.manifest)) and head.headers["Content-Type"] == media_type
    assert ecr.describe_images(repositoryName=repository)["imageDetails"][0]["imageDigest"] == image.digest


def test_blobs_come_whole_in_ranges_and_from_elsewhere(registry, ecr, repository, unique, server):
    content = os.urandom(70_000)
    one = registry.call("POST", "blobs/uploads/", params={"digest": digest(content)}, data=content,
                        headers={"Content-Type": "application/octet-stream"})
    assert one.status_code == 201
    blob = "blobs/" + digest(content)
    assert registry.call("HEAD", blob).headers["Content-Length"] == "70000"
    part = registry.call("GET", blob, headers={"Range": "bytes=10-19"})
    assert part.status_code == 206 and part.content == content[10:20]
    assert part.headers["Content-Range"] == "bytes 10-19/70000"
    assert registry.call("GET", blob, headers={"Range": "bytes=80000-"}).status_code == 416
    other = f"compat/other{unique}"
    ecr.create_repository(repositoryName=other)
    there = Registry(server.url, other, token(ecr))
    mounted = there.call("POST", "blobs/uploads/", params={"mount": digest(content), "from": repository})
    assert mounted.status_code == 201 and there.call("GET", blob).content == content
    assert there.call("POST", "blobs/uploads/", params={"mount": MISSING, "from": repository}).status_code == 202
    ecr.delete_repository(repositoryName=other, force=True)
    assert registry.call("GET", blob).content == content
    assert errors(registry.call("DELETE", blob)) == ["UNSUPPORTED"]


def test_uploads_are_resumed_and_cancelled(registry):
    content = os.urandom(3000)
    where = registry.call("POST", "blobs/uploads/").headers["Location"]
    registry.call("PATCH", where, data=content[:1000], headers={"Content-Range": "0-999"})
    wrong = registry.call("PATCH", where, data=content[2000:], headers={"Content-Range": "2000-2999"})
    assert wrong.status_code == 416
    status = registry.call("GET", where)
    assert status.status_code == 204 and status.headers["Range"] == "0-999"
    bad = registry.call("PUT", where, params={"digest": digest(content)})
    assert bad.status_code == 400 and errors(bad) == ["DIGEST_INVALID"]
    done = registry.call("PUT", where, params={"digest": digest(content)}, data=content[1000:])
    assert done.status_code == 201 and registry.call("GET", "blobs/" + digest(content)).content == content
    assert errors(registry.call("GET", where)) == ["BLOB_UPLOAD_UNKNOWN"]
    where = registry.call("POST", "blobs/uploads/").headers["Location"]
    assert registry.call("DELETE", where).status_code == 204
    assert registry.call("PATCH", where, data=b"x").status_code == 404
    empty = registry.call("POST", "blobs/uploads/").headers["Location"]
    assert registry.call("PUT", empty, params={"digest": digest(b"")}).status_code == 201


def test_lists_errors_and_deletion_follow_the_specification(registry, server, repository):
    images = [Image(layer(a=str(i)), media_type=OCI) for i in range(3)]
    for i, each in enumerate(images):
        registry.push(each, f"tag{i}")
    assert registry.call("GET", "tags/list").json() == {"name": repository, "tags": ["tag0", "tag1", "tag2"]}
    page = registry.call("GET", "tags/list", params={"n": 2})
    assert page.json()["tags"] == ["tag0", "tag1"]
    assert registry.call("GET", page.links["next"]["url"]).json()["tags"] == ["tag2"]
    assert repository in registry.call("GET", "/v2/_catalog?n=1000").json()["repositories"]
    assert errors(registry.call("GET", "manifests/none")) == ["MANIFEST_UNKNOWN"]
    assert errors(registry.call("GET", "blobs/" + MISSING)) == ["BLOB_UNKNOWN"]
    assert errors(registry.call("GET", f"/v2/{repository}x/tags/list")) == ["NAME_UNKNOWN"]
    assert errors(registry.call("GET", "/v2/UPPER/tags/list")) == ["NAME_INVALID"]
    missing = registry.put(Image(layer(z="never sent" + repository)), "t")
    assert missing.status_code == 400 and errors(missing) == ["MANIFEST_BLOB_UNKNOWN"]
    assert errors(registry.put(images[0], MISSING)) == ["DIGEST_INVALID"]
    assert registry.call("DELETE", "manifests/tag0").status_code == 202
    assert registry.call("DELETE", "manifests/" + images[1].digest).status_code == 202
    assert registry.call("GET", "tags/list").json()["tags"] == ["tag2"]
    nobody = Registry(server.url, repository, None).call("GET", "/v2/")
    assert nobody.status_code == 401 and nobody.headers["WWW-Authenticate"].startswith('Basic realm="http://')
    forged = base64.b64encode(b"AWS:v1.forged").decode()
    assert Registry(server.url, repository, forged).call("GET", "/v2/").status_code == 401
    assert registry.call("GET", "/v2/").status_code == 200


def test_artifacts_refer_to_images(registry, ecr, repository):
    image = Image(layer(a="subject"), media_type=OCI)
    registry.push(image, "v1")
    note = Image(layer(note="signed"), media_type=OCI, artifactType="application/vnd.example.note",
                 annotations={"by": "me"},
                 subject={"mediaType": OCI, "digest": image.digest, "size": len(image.manifest)})
    put = registry.push(note, note.digest)
    assert put.headers["OCI-Subject"] == image.digest
    index = registry.call("GET", "referrers/" + image.digest)
    assert index.headers["Content-Type"] == "application/vnd.oci.image.index.v1+json"
    assert index.json()["manifests"] == [{
        "mediaType": OCI, "digest": note.digest, "size": len(note.manifest),
        "artifactType": "application/vnd.example.note", "annotations": {"by": "me"}}]
    none = registry.call("GET", "referrers/" + image.digest, params={"artifactType": "application/other"})
    assert none.json()["manifests"] == [] and none.headers["OCI-Filters-Applied"] == "artifactType"
    assert registry.call("GET", "referrers/" + MISSING).json()["manifests"] == []
    listed = ecr.list_image_referrers(repositoryName=repository, subjectId={"imageDigest": image.digest})["referrers"]
    assert [each["digest"] for each in listed] == [note.digest]


def test_hosts_say_whose_registry_is_meant(server, client, ecr, repository, registry):
    image = Image(layer(a="host"))
    registry.push(image, "v1")
    by_host = Registry(server.url, repository, token(ecr), host=HOST)
    assert by_host.pull("v1")[1] == image.blobs
    elsewhere = Registry(server.url, repository, token(ecr), host=HOST.replace("us-east-1", "eu-west-1"))
    assert errors(elsewhere.call("GET", "manifests/v1")) == ["NAME_UNKNOWN"]
    foreign = Registry(server.url, repository, token(ecr), host=HOST.replace(ACCOUNT, "210987654321"))
    assert errors(foreign.call("GET", "manifests/v1")) == ["DENIED"]
    china = client("ecr", region_name="cn-north-1")
    assert china.create_repository(repositoryName=repository)["repository"]["repositoryUri"] == (
        f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn/{repository}")
    there = Registry(server.url, repository, token(china),
                     host=f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn")
    there.push(image, "v1")
    china.delete_repository(repositoryName=repository, force=True)


def test_the_command_line_hands_out_a_password(aws, server, repository):
    password = aws("ecr", "get-login-password").stdout.strip()
    signed = base64.b64encode(b"AWS:" + password.encode()).decode()
    assert Registry(server.url, repository, signed).call("GET", "tags/list").status_code == 200


def test_hosts_of_aws_are_reached_through_the_proxy(shell, ecr, repository):
    """As docker's clients on this machine do with the settings of `atelier env`."""
    asked = subprocess.run(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Authorization: Basic " + token(ecr),
                            f"https://{HOST}/v2/{repository}/tags/list"], stdout=subprocess.PIPE, text=True, timeout=60)
    assert asked.stdout == "200"


def test_what_nothing_scans_was_never_scanned(ecr, repository):
    image = Image(layer(a="scan"))
    put(ecr, repository, image, "v1")
    with pytest.raises(ClientError) as failure:
        ecr.describe_image_scan_findings(repositoryName=repository, imageId={"imageTag": "v1"})
    assert refused(failure) == "ScanNotFoundException"
    with pytest.raises(ClientError) as failure:
        ecr.start_image_scan(repositoryName=repository, imageId={"imageTag": "v1"})
    assert refused(failure) == "UnsupportedOperation"


def test_layers_can_be_encrypted_with_a_key_of_kms(server, ecr, unique):
    kms = server.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    made = ecr.create_repository(repositoryName="sealed" + unique, encryptionConfiguration={
        "encryptionType": "KMS", "kmsKey": key})["repository"]
    assert made["encryptionConfiguration"]["kmsKey"] == key
    image = Image(layer(a="sealed"))
    registry = Registry(server.url, "sealed" + unique, token(ecr))
    registry.push(image, "v1")
    assert registry.pull("v1")[1] == image.blobs
    kms.disable_key(KeyId=key)
    assert registry.call("GET", "blobs/" + digest(image.layers[0])).status_code == 400
    kms.enable_key(KeyId=key)
    assert registry.pull("v1")[1] == image.blobs
    ecr.delete_repository(repositoryName="sealed" + unique, force=True)
