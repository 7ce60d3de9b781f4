package dev.atelier.logs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.models.NoOutput;
import dev.atelier.models.logs.DeleteResourcePolicyRequest;
import dev.atelier.models.logs.DescribeResourcePoliciesRequest;
import dev.atelier.models.logs.DescribeResourcePoliciesResponse;
import dev.atelier.models.logs.LogsOperations;
import dev.atelier.models.logs.PutResourcePolicyRequest;
import dev.atelier.models.logs.PutResourcePolicyResponse;
import dev.atelier.models.logs.ResourcePolicy;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.util.List;

/**
 * The account's resource policies. They let other services of AWS write here; no service here needs one, since what
 * writes is the platform itself.
 */
final class ResourcePolicyApi {
  private static final int MOST = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MetadataStore metadata;
  private final Clock clock;

  ResourcePolicyApi(MetadataStore metadata, Clock clock) {
    this.metadata = metadata;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(LogsOperations.putResourcePolicy(), this::putResourcePolicy)
        .on(LogsOperations.describeResourcePolicies(), this::describeResourcePolicies)
        .on(LogsOperations.deleteResourcePolicy(), this::deleteResourcePolicy);
  }

  PutResourcePolicyResponse putResourcePolicy(Caller caller, PutResourcePolicyRequest request) {
    requireAccountScope("PutResourcePolicy", request.resourceArn());
    if (request.policyName() == null || request.policyDocument() == null) {
      throw new Fault("InvalidParameterException", 400, "policyName and policyDocument are required.");
    }
    if (!isObject(request.policyDocument())) {
      throw new Fault("InvalidParameterException", 400, "The policy document is not valid JSON.");
    }
    long now = clock.millis();
    metadata.write(tx -> {
      tx.createUpdate("""
              insert into log_resource_policy (account, region, name, document, updated_at)
              values (:account, :region, :name, :document, :now)
              on conflict do update set document = :document, updated_at = :now""")
          .bind("account", caller.account().value()).bind("region", caller.region().name())
          .bind("name", request.policyName()).bind("document", request.policyDocument()).bind("now", now).execute();
      long count = tx.createQuery(
              "select count(*) from log_resource_policy where account = :account and region = :region")
          .bind("account", caller.account().value()).bind("region", caller.region().name()).mapTo(Long.class).one();
      if (count > MOST) {
        throw new Fault("LimitExceededException", 400, "Resource limit exceeded.");
      }
      return true;
    });
    return PutResourcePolicyResponse.builder().resourcePolicy(ResourcePolicy.builder()
        .policyName(request.policyName()).policyDocument(request.policyDocument()).lastUpdatedTime(now)
        .policyScope("ACCOUNT").build())
        .build();
  }

  private static boolean isObject(String document) {
    try {
      return JSON.readTree(document).isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static void requireAccountScope(String operation, String resourceArn) {
    if (resourceArn != null) {
      throw new Fault("UnsupportedOperation", 400,
          "logs:" + operation + " with resourceArn is not supported by this version of Atelier.");
    }
  }

  DescribeResourcePoliciesResponse describeResourcePolicies(Caller caller, DescribeResourcePoliciesRequest request) {
    requireAccountScope("DescribeResourcePolicies", request.resourceArn());
    int most = request.limit() == null ? 50 : request.limit();
    List<ResourcePolicy> found = metadata.read(tx -> tx.createQuery("""
            select * from log_resource_policy where account = :account and region = :region and name > :after
            order by name limit :most""")
        .bind("account", caller.account().value()).bind("region", caller.region().name())
        .bind("after", request.nextToken() == null ? "" : request.nextToken()).bind("most", most + 1)
        .map((row, context) -> ResourcePolicy.builder().policyName(row.getString("name"))
            .policyDocument(row.getString("document")).lastUpdatedTime(row.getLong("updated_at"))
            .policyScope("ACCOUNT").build()).list());
    List<ResourcePolicy> page = found.subList(0, Math.min(most, found.size()));
    return DescribeResourcePoliciesResponse.builder().resourcePolicies(page)
        .nextToken(found.size() > most ? page.getLast().policyName() : null).build();
  }

  NoOutput deleteResourcePolicy(Caller caller, DeleteResourcePolicyRequest request) {
    requireAccountScope("DeleteResourcePolicy", request.resourceArn());
    int deleted = metadata.write(tx -> tx.createUpdate(
            "delete from log_resource_policy where account = :account and region = :region and name = :name")
        .bind("account", caller.account().value()).bind("region", caller.region().name())
        .bind("name", request.policyName()).execute());
    if (deleted == 0) {
      throw new Fault("ResourceNotFoundException", 400,
          "Policy with name [" + request.policyName() + "] does not exist.");
    }
    return new NoOutput();
  }
}
