package dev.atelier.hosting;

import dev.atelier.hosting.DefinitionStore.Definition;
import dev.atelier.hosting.DefinitionStore.Kind;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.CreateEndpointConfigInput;
import dev.atelier.models.sagemaker.CreateEndpointInput;
import dev.atelier.models.sagemaker.CreateEndpointOutput;
import dev.atelier.models.sagemaker.CreateModelInput;
import dev.atelier.models.sagemaker.DeleteEndpointInput;
import dev.atelier.models.sagemaker.DeployedImage;
import dev.atelier.models.sagemaker.DescribeEndpointInput;
import dev.atelier.models.sagemaker.DescribeEndpointOutput;
import dev.atelier.models.sagemaker.EndpointSummary;
import dev.atelier.models.sagemaker.ListEndpointsInput;
import dev.atelier.models.sagemaker.ListEndpointsOutput;
import dev.atelier.models.sagemaker.ProductionVariant;
import dev.atelier.models.sagemaker.ProductionVariantSummary;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The operations on endpoints. */
final class EndpointApi {
  private final DefinitionStore definitions;
  private final EndpointStore endpoints;
  private final EndpointRuns runs;
  private final Clock clock;

  EndpointApi(DefinitionStore definitions, EndpointStore endpoints, EndpointRuns runs, Clock clock) {
    this.definitions = definitions;
    this.endpoints = endpoints;
    this.runs = runs;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createEndpoint(), this::createEndpoint)
        .on(SageMakerOperations.describeEndpoint(), this::describeEndpoint)
        .on(SageMakerOperations.listEndpoints(), this::listEndpoints)
        .on(SageMakerOperations.deleteEndpoint(), this::deleteEndpoint);
  }

  static Arn arn(Caller caller, String name) {
    return Arn.of("sagemaker", caller.region(), caller.account(), "endpoint/" + name.toLowerCase(Locale.ROOT));
  }

  CreateEndpointOutput createEndpoint(Caller caller, CreateEndpointInput request) {
    Definition config = definitions.require(Kind.ENDPOINT_CONFIG, caller, request.endpointConfigName());
    CreateEndpointConfigInput accepted = CreateEndpointConfigInput.fromDocument(config.request());
    Definition model =
        definitions.require(Kind.MODEL, caller, accepted.productionVariants().getFirst().modelName());
    Arn arn = arn(caller, request.endpointName());
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Endpoint endpoint = new Endpoint(arn, caller.account(), caller.region(), request.endpointName(), config.name(),
        accepted, CreateModelInput.fromDocument(model.request()), EndpointState.CREATING, 0, 1, now, now,
        Optional.empty());
    if (!endpoints.insert(endpoint, config.text(), model.text(), TagRules.of(request.tags()))) {
      throw Fault.validation("Cannot create already existing endpoint \"" + arn + "\".");
    }
    runs.act(endpoint);
    return CreateEndpointOutput.builder().endpointArn(arn.toString()).build();
  }

  private Endpoint require(Caller caller, String name) {
    return endpoints.find(arn(caller, name)).orElseThrow(
        () -> Fault.validation("Could not find endpoint \"" + arn(caller, name) + "\"."));
  }

  DescribeEndpointOutput describeEndpoint(Caller caller, DescribeEndpointInput request) {
    return described(require(caller, request.endpointName()));
  }

  static DescribeEndpointOutput described(Endpoint endpoint) {
    DescribeEndpointOutput.Builder answer = DescribeEndpointOutput.builder()
        .endpointName(endpoint.name())
        .endpointArn(endpoint.arn().toString())
        .endpointConfigName(endpoint.configName())
        .endpointStatus(endpoint.state().status())
        .failureReason(endpoint.state() == EndpointState.FAILED ? endpoint.failureReason().orElse(null) : null)
        .creationTime(endpoint.createdAt())
        .lastModifiedTime(endpoint.modifiedAt());
    if (endpoint.state() == EndpointState.IN_SERVICE || endpoint.state() == EndpointState.RESTARTING) {
      answer.productionVariants(List.of(variant(endpoint)));
    }
    return answer.build();
  }

  private static ProductionVariantSummary variant(Endpoint endpoint) {
    ProductionVariant variant = endpoint.variant();
    float weight = variant.initialVariantWeight() == null ? 1 : variant.initialVariantWeight();
    return ProductionVariantSummary.builder()
        .variantName(variant.variantName())
        .deployedImages(List.of(DeployedImage.builder()
            .specifiedImage(endpoint.container().image())
            .resolvedImage(endpoint.container().image())
            .resolutionTime(endpoint.createdAt())
            .build()))
        .currentWeight(weight)
        .desiredWeight(weight)
        .currentInstanceCount(endpoint.hosts())
        .desiredInstanceCount(endpoint.hosts())
        .build();
  }

  ListEndpointsOutput listEndpoints(Caller caller, ListEndpointsInput request) {
    Page<Endpoint> page = endpoints.list(caller, request);
    return ListEndpointsOutput.builder()
        .endpoints(page.items().stream().map(endpoint -> EndpointSummary.builder()
            .endpointName(endpoint.name())
            .endpointArn(endpoint.arn().toString())
            .creationTime(endpoint.createdAt())
            .lastModifiedTime(endpoint.modifiedAt())
            .endpointStatus(endpoint.state().status())
            .build()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  NoOutput deleteEndpoint(Caller caller, DeleteEndpointInput request) {
    runs.happened(require(caller, request.endpointName()).arn(), EndpointEvent.DELETE, Optional.empty());
    return new NoOutput();
  }
}
