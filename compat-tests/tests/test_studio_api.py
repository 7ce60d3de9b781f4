"""Studio's resources over the API: domains, profiles, spaces, images and configurations."""

import base64
import json
import re

import pytest
from botocore.exceptions import ClientError

from conftest import ROLE
from server import wait_until

ACCOUNT = "123456789012"
ARN = "arn:aws:sagemaker:us-east-1:%s:" % ACCOUNT
SETTINGS = {"ExecutionRole": ROLE}
SCRIPT = base64.b64encode(b"echo hello\n").decode()
PYTHON = "%s.dkr.ecr.us-east-1.amazonaws.com/sagemaker-base-python-310:latest" % ACCOUNT


def refused(call, **members):
    """The code and message with which a call is refused; never a server error."""
    with pytest.raises(ClientError) as error:
        call(**members)
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def gone(call, **members):
    try:
        call(**members)
    except ClientError as error:
        return error.response["Error"]["Code"] == "ResourceNotFound"
    return False


def in_service(call, **members):
    return wait_until(lambda: call(**members)["Status"] == "InService", "it is in service")


@pytest.fixture
def domain(sagemaker, name):
    made = sagemaker.create_domain(DomainName=name, AuthMode="IAM", DefaultUserSettings=SETTINGS)["DomainId"]
    in_service(sagemaker.describe_domain, DomainId=made)
    yield made
    if gone(sagemaker.describe_domain, DomainId=made):
        return
    for space in sagemaker.list_spaces(DomainIdEquals=made)["Spaces"]:
        key = {"DomainId": made, "SpaceName": space["SpaceName"]}
        sagemaker.delete_space(**key)
        wait_until(lambda: gone(sagemaker.describe_space, **key), "the space is gone")
    for profile in sagemaker.list_user_profiles(DomainIdEquals=made, MaxResults=100)["UserProfiles"]:
        key = {"DomainId": made, "UserProfileName": profile["UserProfileName"]}
        sagemaker.delete_user_profile(**key)
        wait_until(lambda: gone(sagemaker.describe_user_profile, **key), "the profile is gone")
    sagemaker.delete_domain(DomainId=made, RetentionPolicy={"HomeEfsFileSystem": "Delete"})
    wait_until(lambda: gone(sagemaker.describe_domain, DomainId=made), "the domain is gone")


def profile(sagemaker, domain, who, **more):
    arn = sagemaker.create_user_profile(DomainId=domain, UserProfileName=who, **more)["UserProfileArn"]
    in_service(sagemaker.describe_user_profile, DomainId=domain, UserProfileName=who)
    return arn


def tags_of(sagemaker, arn):
    return {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=arn)["Tags"]}


def test_the_first_start_makes_a_domain_that_stays_deleted(own_server):
    server = own_server().start()
    sagemaker = server.client("sagemaker")
    made = sagemaker.list_domains()["Domains"]
    assert [each["DomainName"] for each in made] == ["default"]
    domain = made[0]["DomainId"]
    in_service(sagemaker.describe_domain, DomainId=domain)
    in_service(sagemaker.describe_user_profile, DomainId=domain, UserProfileName="default")
    shown = sagemaker.describe_domain(DomainId=domain)
    assert shown["DefaultUserSettings"]["ExecutionRole"] == ROLE
    assert shown["Url"] == "https://%s.studio.us-east-1.sagemaker.aws" % domain

    server.kill()
    server.start(port=server.port)
    assert [each["DomainId"] for each in sagemaker.list_domains()["Domains"]] == [domain]
    sagemaker.delete_user_profile(DomainId=domain, UserProfileName="default")
    wait_until(lambda: gone(sagemaker.describe_user_profile, DomainId=domain, UserProfileName="default"), "gone")
    sagemaker.delete_domain(DomainId=domain)
    wait_until(lambda: gone(sagemaker.describe_domain, DomainId=domain), "gone")
    server.kill()
    server.start(port=server.port)
    assert sagemaker.list_domains()["Domains"] == []
    server.down()


def test_life_of_a_domain(sagemaker, name):
    settings = {"ExecutionRole": ROLE, "SecurityGroups": ["sg-1"],
                "SharingSettings": {"NotebookOutputOption": "Allowed", "S3OutputPath": "s3://bucket/shared"},
                "JupyterServerAppSettings": {"DefaultResourceSpec": {"InstanceType": "system"}},
                "KernelGatewayAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}}}
    wanted = {"DomainName": name, "AuthMode": "IAM", "DefaultUserSettings": settings,
              "DomainSettings": {"SecurityGroupIds": ["sg-2"]}, "SubnetIds": ["subnet-1"], "VpcId": "vpc-1",
              "AppNetworkAccessType": "VpcOnly", "TagPropagation": "ENABLED",
              "DefaultSpaceSettings": {"ExecutionRole": ROLE}}
    made = sagemaker.create_domain(Tags=[{"Key": "team", "Value": "blue"}], **wanted)
    domain = made["DomainId"]
    assert re.fullmatch("d-[a-z0-9]{12}", domain)
    assert made["DomainArn"] == ARN + "domain/" + domain
    in_service(sagemaker.describe_domain, DomainId=domain)
    shown = sagemaker.describe_domain(DomainId=domain)
    assert {member: shown[member] for member in wanted} == wanted
    assert re.fullmatch("fs-[0-9a-f]{17}", shown["HomeEfsFileSystemId"])
    assert domain in [each["DomainId"] for page in sagemaker.get_paginator("list_domains").paginate(
        PaginationConfig={"PageSize": 1}) for each in page["Domains"]]

    sagemaker.update_domain(DomainId=domain, DefaultUserSettings={"SecurityGroups": []},
                            DomainSettingsForUpdate={"DockerSettings": {"EnableDockerAccess": "ENABLED"}})
    in_service(sagemaker.describe_domain, DomainId=domain)
    shown = sagemaker.describe_domain(DomainId=domain)
    assert shown["DefaultUserSettings"] == {**settings, "SecurityGroups": []}
    assert shown["DomainSettings"] == {"SecurityGroupIds": ["sg-2"],
                                       "DockerSettings": {"EnableDockerAccess": "ENABLED"}}

    who = profile(sagemaker, domain, "Ann")
    assert tags_of(sagemaker, who) == {"sagemaker:domain-arn": made["DomainArn"], "team": "blue"}
    sagemaker.create_space(DomainId=domain, SpaceName="mine", OwnershipSettings={"OwnerUserProfileName": "Ann"},
                           SpaceSharingSettings={"SharingType": "Private"},
                           SpaceSettings={"AppType": "JupyterLab"})
    in_service(sagemaker.describe_space, DomainId=domain, SpaceName="mine")
    space = sagemaker.describe_space(DomainId=domain, SpaceName="mine")
    assert space["SpaceSettings"]["SpaceStorageSettings"] == {"EbsStorageSettings": {"EbsVolumeSizeInGb": 5}}
    assert tags_of(sagemaker, space["SpaceArn"])["sagemaker:user-profile-arn"] == who

    assert refused(sagemaker.delete_user_profile, DomainId=domain, UserProfileName="Ann") == ("ResourceInUse", (
        "Unable to delete UserProfile [%s] because Space(s) are associated with it." % who))
    assert refused(sagemaker.delete_domain, DomainId=domain) == ("ResourceInUse", (
        "Unable to delete Domain [%s] because UserProfile(s) are associated with it." % made["DomainArn"]))
    sagemaker.delete_space(DomainId=domain, SpaceName="mine")
    wait_until(lambda: gone(sagemaker.describe_space, DomainId=domain, SpaceName="mine"), "the space is gone")
    sagemaker.delete_user_profile(DomainId=domain, UserProfileName="Ann")
    wait_until(lambda: gone(sagemaker.describe_user_profile, DomainId=domain, UserProfileName="Ann"), "gone")
    sagemaker.delete_domain(DomainId=domain, RetentionPolicy={"HomeEfsFileSystem": "Delete"})
    wait_until(lambda: gone(sagemaker.describe_domain, DomainId=domain), "the domain is gone")


def test_what_does_not_fit_is_refused(administrator, domain, name):
    # the execution role may not pass another role
    sagemaker = administrator("sagemaker")
    create = {"DomainName": name, "AuthMode": "IAM"}
    for settings, more, message in [
            (SETTINGS, {"AppNetworkAccessType": "VpcOnly"}, "VpcId and SubnetIds are required"),
            ({}, {}, "ExecutionRole is required"),
            ({"ExecutionRole": "arn:aws:iam::%s:role/absent" % ACCOUNT}, {}, "Could not assume role"),
            ({**SETTINGS, "JupyterServerAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}}}, {},
             "only support the system instance type"),
            ({**SETTINGS, "KernelGatewayAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.unheard.of"}}}, {},
             "failed to satisfy constraint: Member must satisfy enum value set"),
            ({**SETTINGS, "KernelGatewayAppSettings": {"CustomImages": [
                {"ImageName": "absent", "AppImageConfigName": "absent"}]}}, {}, "Image with ImageName absent"),
    ]:
        code, text = refused(sagemaker.create_domain, DefaultUserSettings=settings, **more, **create)
        assert code == "ValidationException" and message in text
    assert refused(sagemaker.create_user_profile, DomainId=domain, UserProfileName="ann",
                   SingleSignOnUserIdentifier="UserName", SingleSignOnUserValue="a")[0] == "ValidationException"
    profile(sagemaker, domain, "ann")
    assert refused(sagemaker.create_user_profile, DomainId=domain, UserProfileName="ann") == (
        "ResourceInUse", "The ID or Name specified is already in use.")
    for call in (sagemaker.describe_domain, sagemaker.update_domain, sagemaker.delete_domain):
        assert refused(call, DomainId="d-absent0000") == ("ResourceNotFound", "Domain [d-absent0000] does not exist.")
    assert refused(sagemaker.describe_user_profile, DomainId=domain, UserProfileName="eve")[0] == "ResourceNotFound"
    assert refused(sagemaker.describe_space, DomainId=domain, SpaceName="absent")[0] == "ResourceNotFound"


def test_profiles_are_paged_in_order(sagemaker, domain):
    names = ["user-%d" % number for number in range(5)]
    for each in names:
        profile(sagemaker, domain, each)
    for order, expected in (("Ascending", names), ("Descending", names[::-1])):
        pages = sagemaker.get_paginator("list_user_profiles").paginate(
            DomainIdEquals=domain, SortOrder=order, PaginationConfig={"PageSize": 2})
        assert [each["UserProfileName"] for page in pages for each in page["UserProfiles"]] == expected
    found = sagemaker.list_user_profiles(DomainIdEquals=domain, UserProfileNameContains="r-3")["UserProfiles"]
    assert [each["UserProfileName"] for each in found] == ["user-3"]


def test_an_image_has_versions_whose_base_can_run(sagemaker, name):
    arn = sagemaker.create_image(ImageName=name, RoleArn=ROLE, DisplayName="Mine")["ImageArn"]
    assert arn == ARN + "image/" + name.lower()
    sagemaker.get_waiter("image_created").wait(ImageName=name, WaiterConfig={"Delay": 1})
    assert refused(sagemaker.create_image, ImageName=name, RoleArn=ROLE) == ("ResourceInUse", (
        "The Image with ImageName %s already exists. Please use a different ImageName." % name))
    sagemaker.create_image_version(ImageName=name, BaseImage="registry.example/absent:1", ClientToken="one")
    failed = wait_until(lambda: (lambda shown: shown["ImageVersionStatus"] == "CREATE_FAILED" and shown)(
        sagemaker.describe_image_version(ImageName=name, Version=1)), "the version failed")
    assert "Known repositories" in failed["FailureReason"]
    assert "sagemaker-base-python-310" in failed["FailureReason"]
    sagemaker.create_image_version(ImageName=name, BaseImage=PYTHON, ClientToken="two", Aliases=["latest", "1.0"],
                                   Processor="CPU", ReleaseNotes="first")
    sagemaker.get_waiter("image_version_created").wait(ImageName=name, Version=2, WaiterConfig={"Delay": 1})
    shown = sagemaker.describe_image_version(ImageName=name, Alias="latest")
    assert (shown["Version"], shown["BaseImage"], shown["Processor"]) == (2, PYTHON, "CPU")
    assert sagemaker.list_aliases(ImageName=name)["SageMakerImageVersionAliases"] == ["1.0", "latest"]
    sagemaker.update_image_version(ImageName=name, Version=2, AliasesToDelete=["1.0"], AliasesToAdd=["1.1"])
    assert sagemaker.list_aliases(ImageName=name)["SageMakerImageVersionAliases"] == ["1.1", "latest"]
    assert [each["Version"] for each in sagemaker.list_image_versions(
        ImageName=name, SortBy="VERSION", SortOrder="ASCENDING")["ImageVersions"]] == [1, 2]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "k", "Value": "v"}])
    assert tags_of(sagemaker, arn) == {"k": "v"}
    sagemaker.delete_image(ImageName=name)
    wait_until(lambda: gone(sagemaker.describe_image, ImageName=name), "the image is gone")


def test_configurations(sagemaker, name):
    kernels = {"KernelSpecs": [{"Name": "python3", "DisplayName": "Python 3"}],
               "FileSystemConfig": {"MountPath": "/home/sagemaker-user", "DefaultUid": 1000, "DefaultGid": 100}}
    sagemaker.create_app_image_config(AppImageConfigName=name, KernelGatewayImageConfig=kernels)
    assert sagemaker.describe_app_image_config(AppImageConfigName=name)["KernelGatewayImageConfig"] == kernels
    assert refused(sagemaker.create_app_image_config, AppImageConfigName=name) == (
        "ResourceInUse", "The ID or Name specified is already in use.")
    sagemaker.delete_app_image_config(AppImageConfigName=name)

    arn = sagemaker.create_studio_lifecycle_config(
        StudioLifecycleConfigName=name, StudioLifecycleConfigContent=SCRIPT,
        StudioLifecycleConfigAppType="JupyterLab", Tags=[{"Key": "k", "Value": "v"}])["StudioLifecycleConfigArn"]
    assert tags_of(sagemaker, arn) == {"k": "v"}
    assert name in [each["StudioLifecycleConfigName"] for each in sagemaker.list_studio_lifecycle_configs(
        AppTypeEquals="JupyterLab", NameContains=name)["StudioLifecycleConfigs"]]
    sagemaker.delete_studio_lifecycle_config(StudioLifecycleConfigName=name)
    assert refused(sagemaker.describe_studio_lifecycle_config, StudioLifecycleConfigName=name)[0] == "ResourceNotFound"

    key = {"NotebookInstanceLifecycleConfigName": name}
    sagemaker.create_notebook_instance_lifecycle_config(OnStart=[{"Content": SCRIPT}], **key)
    assert sagemaker.describe_notebook_instance_lifecycle_config(**key)["OnStart"] == [{"Content": SCRIPT}]
    # any text is stored, as the model has it; what is no base64 fails the start of an instance
    sagemaker.update_notebook_instance_lifecycle_config(OnStart=[{"Content": "not base64!"}], **key)
    assert sagemaker.describe_notebook_instance_lifecycle_config(**key)["OnStart"] == [{"Content": "not base64!"}]
    sagemaker.delete_notebook_instance_lifecycle_config(**key)
    assert refused(sagemaker.describe_notebook_instance_lifecycle_config, **key)[1].endswith(
        "(Details: Notebook Instance Lifecycle Config does not exist.)")

    git = {"RepositoryUrl": "https://example.com/team/code.git", "Branch": "main"}
    sagemaker.create_code_repository(CodeRepositoryName=name, GitConfig=git)
    assert sagemaker.describe_code_repository(CodeRepositoryName=name)["GitConfig"] == git
    sagemaker.delete_code_repository(CodeRepositoryName=name)
    assert "Cannot find CodeRepository" in refused(sagemaker.describe_code_repository, CodeRepositoryName=name)[1]


def test_policies_decide_by_what_is_asked_for(administrator, client, sagemaker, domain, unique):
    """Roles must be passed, and condition keys see the members of requests and the owners of spaces."""
    iam = administrator("iam")
    role = "studio-" + unique
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Statement": {
        "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}}))["Role"]["Arn"]
    mine = ARN + "user-profile/%s/ann" % domain
    iam.put_role_policy(RoleName=role, PolicyName="studio", PolicyDocument=json.dumps({"Statement": [
        {"Effect": "Allow", "Action": ["sagemaker:CreateUserProfile", "sagemaker:Describe*"], "Resource": "*"},
        {"Effect": "Allow", "Action": ["sagemaker:CreateSpace", "sagemaker:UpdateSpace", "sagemaker:DeleteSpace"],
         "Resource": "*", "Condition": {"ArnLike": {"sagemaker:OwnerUserProfileArn": mine}}}]}))
    keys = administrator("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    limited = client("sagemaker", aws_access_key_id=keys["AccessKeyId"],
                     aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"])
    code, text = refused(limited.create_user_profile, DomainId=domain, UserProfileName="ann",
                         UserSettings={"ExecutionRole": ROLE})
    assert code == "AccessDeniedException" and "iam:PassRole" in text
    profile(limited, domain, "ann")
    profile(sagemaker, domain, "ben")
    for who in ("ann", "ben"):
        space = {"DomainId": domain, "SpaceName": "of-" + who, "OwnershipSettings": {"OwnerUserProfileName": who},
                 "SpaceSharingSettings": {"SharingType": "Private"}}
        if who == "ben":
            assert refused(limited.create_space, **space)[0] == "AccessDeniedException"
        (limited if who == "ann" else sagemaker).create_space(**space)
        in_service(sagemaker.describe_space, DomainId=domain, SpaceName="of-" + who)
    assert refused(limited.delete_space, DomainId=domain, SpaceName="of-ben")[0] == "AccessDeniedException"
    limited.delete_space(DomainId=domain, SpaceName="of-ann")
    wait_until(lambda: gone(sagemaker.describe_space, DomainId=domain, SpaceName="of-ann"), "the space is gone")


def test_what_is_not_built_names_itself(sagemaker, domain):
    profile(sagemaker, domain, "ann")
    code, text = refused(sagemaker.create_app, DomainId=domain, UserProfileName="ann", AppType="Canvas",
                         AppName="default")
    assert code == "UnsupportedOperation" and "sagemaker:CreateApp" in text
