"""KMS by boto3: keys, aliases, policies and data keys over the wire."""

import json

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"


@pytest.fixture(scope="module")
def kms(server):
    return server.client("kms")


@pytest.fixture
def key(kms):
    made = kms.create_key(Description="for a test", Tags=[{"TagKey": "team", "TagValue": "research"}])["KeyMetadata"]
    yield made
    kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)


def code(failure):
    return failure.value.response["Error"]["Code"]


def test_a_key_encrypts_and_decrypts_in_its_context(kms, key):
    context = {"purpose": "test"}
    sealed = kms.encrypt(KeyId=key["Arn"], Plaintext=b"hello", EncryptionContext=context)
    assert sealed["KeyId"] == key["Arn"]
    opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=context)
    assert opened["Plaintext"] == b"hello" and opened["KeyId"] == key["Arn"]
    with pytest.raises(ClientError) as failure:
        kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"])
    assert code(failure) == "InvalidCiphertextException"


def test_data_keys_open_to_what_was_given(kms, key):
    data_key = kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256")
    assert len(data_key["Plaintext"]) == 32
    assert kms.decrypt(CiphertextBlob=data_key["CiphertextBlob"])["Plaintext"] == data_key["Plaintext"]
    assert "Plaintext" not in kms.generate_data_key_without_plaintext(KeyId=key["KeyId"], NumberOfBytes=64)
    assert len(kms.generate_random(NumberOfBytes=48)["Plaintext"]) == 48


def test_reencrypting_moves_to_another_key(kms, key):
    other = kms.create_key()["KeyMetadata"]
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"moved")["CiphertextBlob"]
    moved = kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=other["KeyId"])
    assert moved["SourceKeyId"] == key["Arn"] and moved["KeyId"] == other["Arn"]
    assert kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], KeyId=other["KeyId"])["Plaintext"] == b"moved"
    with pytest.raises(ClientError) as failure:
        kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], KeyId=key["KeyId"])
    assert code(failure) == "IncorrectKeyException"


def test_keys_and_aliases_are_listed_page_by_page(kms, key):
    kms.create_alias(AliasName="alias/compat", TargetKeyId=key["KeyId"])
    pages = list(kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 1}))
    assert key["KeyId"] in [each["KeyId"] for page in pages for each in page["Keys"]]
    aliases = kms.list_aliases(KeyId=key["KeyId"])["Aliases"]
    assert [each["AliasName"] for each in aliases] == ["alias/compat"]
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "team", "TagValue": "research"}]
    kms.delete_alias(AliasName="alias/compat")


def test_a_user_needs_a_policy_of_his_own_where_the_key_leaves_it_to_the_account(administrator, client, key):
    iam = administrator("iam")
    iam.create_user(UserName="kms-user")
    made = iam.create_access_key(UserName="kms-user")["AccessKey"]
    user = client("kms", aws_access_key_id=made["AccessKeyId"], aws_secret_access_key=made["SecretAccessKey"], aws_session_token=None)
    with pytest.raises(ClientError) as failure:
        user.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    assert code(failure) == "AccessDeniedException"
    iam.put_user_policy(UserName="kms-user", PolicyName="kms", PolicyDocument=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": key["Arn"]}]}))
    blob = user.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    with pytest.raises(ClientError) as failure:
        user.decrypt(CiphertextBlob=blob)
    assert code(failure) == "AccessDeniedException"


def test_unknown_keys_and_bad_requests_get_the_errors_of_kms(kms):
    with pytest.raises(ClientError) as failure:
        kms.describe_key(KeyId="11111111-2222-3333-4444-555555555555")
    assert code(failure) == "NotFoundException"
    assert f"arn:aws:kms:us-east-1:{ACCOUNT}:key/" in str(failure.value)
    with pytest.raises(ClientError) as failure:
        kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    assert code(failure) == "UnsupportedOperationException"
    with pytest.raises(ClientError) as failure:
        kms.decrypt(CiphertextBlob=b"not one of ours")
    assert code(failure) == "InvalidCiphertextException"
