"""Search over every kind of resource that there is, and the names that it suggests."""

import datetime

import pytest
from botocore.exceptions import ClientError
from conftest import ROLE, SKLEARN
from test_identity_entities import acting, allow, iam, policy  # noqa: F401
from test_training import create, finished, shell


def found(sagemaker, resource, *filters, **more):
    expression = {"SearchExpression": {"Filters": list(filters)}} if filters else {}
    pages = sagemaker.get_paginator("search").paginate(Resource=resource, PaginationConfig={"PageSize": 2},
                                                       **{**expression, **more})
    return [result[resource] for page in pages for result in page["Results"]]


def tagged(name):
    return {"Name": "Tags.study", "Operator": "Equals", "Value": name}


@pytest.fixture
def models(sagemaker, name):
    made = ["%s-%d" % (name[-50:], number) for number in range(3)]
    for number, model in enumerate(made):
        sagemaker.create_model(ModelName=model, ExecutionRoleArn=ROLE, Tags=[{"Key": "study", "Value": name}],
                               PrimaryContainer={"Image": SKLEARN, "Environment": {"NUMBER": str(number)}})
    yield made
    for model in made:
        sagemaker.delete_model(ModelName=model)


def test_models_are_found_with_what_serves_them(sagemaker, name, models):
    shown = found(sagemaker, "Model", tagged(name), SortBy="ModelName", SortOrder="Ascending")
    assert [each["Model"]["ModelName"] for each in shown] == models
    assert shown[0]["Model"]["Tags"] == [{"Key": "study", "Value": name}] and shown[0]["Endpoints"] == []
    numbered = {"Name": "Model.PrimaryContainer.Environment.NUMBER", "Operator": "GreaterThan", "Value": "0"}
    assert len(found(sagemaker, "Model", tagged(name), numbered)) == 2
    config, endpoint = models[0] + "-c", models[0] + "-e"
    sagemaker.create_endpoint_config(EndpointConfigName=config, ProductionVariants=[
        {"VariantName": "AllTraffic", "ModelName": models[0], "InstanceType": "ml.t2.medium", "InitialInstanceCount": 1}])
    sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config, Tags=[{"Key": "study", "Value": name}])
    try:
        only, = found(sagemaker, "Endpoint", tagged(name), {"Name": "EndpointConfigName", "Value": config})
        assert only["EndpointName"] == endpoint and only["EndpointStatus"] in ("Creating", "InService", "Failed")
        served, = found(sagemaker, "Model", tagged(name), {"Name": "Endpoints.EndpointName", "Value": endpoint})
        assert [each["EndpointName"] for each in served["Endpoints"]] == [endpoint]
    finally:
        sagemaker.delete_endpoint(EndpointName=endpoint)
        sagemaker.delete_endpoint_config(EndpointConfigName=config)


def test_tuning_jobs_are_found(sagemaker, bucket, unique):
    from test_tuning import config, definition, ended

    name = "find-" + unique
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, HyperParameterTuningJobConfig=config("Random", 1, 1),
        TrainingJobDefinition={**definition(bucket, {"depth": "7"}), "AlgorithmSpecification": {
            "TrainingImage": SKLEARN, "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+);"}]}},
        Tags=[{"Key": "study", "Value": name}])
    ended(sagemaker, name)
    job, = found(sagemaker, "HyperParameterTuningJob", tagged(name),
                 {"Name": "TrainingJobDefinition.StaticHyperParameters.depth", "Operator": "LessThan", "Value": "8"},
                 {"Name": "HyperParameterTuningJobConfig.Strategy", "Operator": "In", "Value": "Random,Grid"})
    assert job["HyperParameterTuningJobName"] == name
    # its one training job is found by it
    assert len(found(sagemaker, "TrainingJob", {"Name": "TuningJobArn", "Value": job["HyperParameterTuningJobArn"]})) == 1


def test_expressions_times_and_suggestions(client, sagemaker, bucket, name):
    create(client, bucket, name, AlgorithmSpecification=shell("true"), HyperParameters={"zeta-" + name: "1"},
           Tags=[{"Key": "study", "Value": name}])
    assert finished(client, name)["TrainingJobStatus"] == "Completed"
    now = datetime.datetime.now(datetime.timezone.utc)
    for since, expected in ((now - datetime.timedelta(minutes=10), 1), (now + datetime.timedelta(minutes=1), 0)):
        assert len(found(sagemaker, "TrainingJob", tagged(name), {
            "Name": "CreationTime", "Operator": "GreaterThan", "Value": since.strftime("%Y-%m-%dT%H:%M:%S")})) == expected
    either = {"SubExpressions": [{"Filters": [{"Name": "TrainingJobName", "Value": "none"}]},
                                 {"Filters": [tagged(name)]}], "Operator": "Or"}
    assert len(found(sagemaker, "TrainingJob", SearchExpression=either)) == 1
    nested = {"NestedFilters": [{"NestedPropertyName": "SecondaryStatusTransitions", "Filters": [
        {"Name": "SecondaryStatusTransitions.Status", "Value": "Training"}]}], "Filters": [tagged(name)]}
    assert len(found(sagemaker, "TrainingJob", SearchExpression=nested)) == 1
    assert found(sagemaker, "TrainingJob", tagged(name), CrossAccountFilterOption="CrossAccount") == []
    assert found(sagemaker, "TrainingJob", tagged(name),
                 VisibilityConditions=[{"Key": "Tags.study", "Value": "other"}]) == []
    names = sagemaker.get_search_suggestions(Resource="TrainingJob", SuggestionQuery={
        "PropertyNameQuery": {"PropertyNameHint": "HyperParameters.zeta-" + name}})["PropertyNameSuggestions"]
    assert names == [{"PropertyName": "HyperParameters.zeta-" + name}]


@pytest.mark.parametrize("request_, code, words", [
    ({"SearchExpression": {"Filters": [{"Name": "Colour", "Value": "red"}]}}, "ValidationException", "Unknown property name"),
    ({"SortBy": "Colour"}, "ValidationException", "Unknown property name"),
    ({"SearchExpression": {"Filters": [{"Name": "TrainingJobName", "Operator": "LessThan", "Value": "1"}]}},
     "ValidationException", "not supported for the property"),
    ({"SearchExpression": {"Filters": [{"Name": "TrainingJobName", "Operator": "Like", "Value": "1"}]}},
     "ValidationException", "enum value set"),
    ({"VisibilityConditions": [{"Key": "study", "Value": "x"}]}, "ValidationException", "Tags.<key>"),
    ({"CrossAccountFilterOption": "Everywhere"}, "ValidationException", "enum value set"),
    ({"Resource": "FeatureGroup"}, "UnsupportedOperation", "FeatureGroup")])
def test_what_cannot_be_searched_is_refused(sagemaker, request_, code, words):
    with pytest.raises(ClientError) as refused:
        sagemaker.search(**{"Resource": "TrainingJob", **request_})
    assert refused.value.response["Error"]["Code"] == code and words in refused.value.response["Error"]["Message"]


def test_a_policy_can_ask_for_visibility_conditions(iam, acting, name):
    iam.put_user_policy(UserName=acting.name, PolicyName="own", PolicyDocument=policy(allow(
        "sagemaker:Search", Condition={"StringEquals": {"sagemaker:SearchVisibilityCondition/Tags.team": "blue"}})))
    sagemaker = acting.client("sagemaker")
    assert sagemaker.search(Resource="Model", VisibilityConditions=[{"Key": "Tags.team", "Value": "blue"}])["Results"] is not None
    for conditions in ({}, {"VisibilityConditions": [{"Key": "Tags.team", "Value": "red"}]}):
        with pytest.raises(ClientError) as denied:
            sagemaker.search(Resource="Model", **conditions)
        assert denied.value.response["Error"]["Code"] == "AccessDeniedException"
