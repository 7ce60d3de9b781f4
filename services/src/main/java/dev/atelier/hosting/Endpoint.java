package dev.atelier.hosting;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import dev.atelier.models.sagemaker.ContainerDefinition;
import dev.atelier.models.sagemaker.CreateEndpointConfigInput;
import dev.atelier.models.sagemaker.CreateModelInput;
import dev.atelier.models.sagemaker.ProductionVariant;
import java.time.Instant;
import java.util.Optional;

/**
 * An endpoint as stored.
 *
 * @param config the configuration as it was when the endpoint was made
 * @param model the model as it was then
 * @param version counts changes
 * @param attempt counts starts of its hosts; each has a workload of its own
 */
record Endpoint(
    Arn arn,
    AccountId account,
    Region region,
    String name,
    String configName,
    CreateEndpointConfigInput config,
    CreateModelInput model,
    EndpointState state,
    int version,
    int attempt,
    Instant createdAt,
    Instant modifiedAt,
    Optional<String> failureReason) {

  ProductionVariant variant() {
    return config.productionVariants().getFirst();
  }

  ContainerDefinition container() {
    return model.primaryContainer() == null ? model.containers().getFirst() : model.primaryContainer();
  }

  int hosts() {
    return variant().initialInstanceCount();
  }
}
