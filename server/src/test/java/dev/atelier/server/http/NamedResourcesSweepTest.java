package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.policy.Decision;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import dev.atelier.identity.policy.RequestContext;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.models.AuthorisationTable;
import dev.atelier.models.AuthorisationTable.ResourceType;
import dev.atelier.models.ListShape;
import dev.atelier.models.Member;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StringShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every operation that works, asked for a resource that a policy denies, by each member that can name it. */
class NamedResourcesSweepTest extends PlatformTest {
  private static final List<String> SERVICES = List.of("sagemaker", "sagemaker-runtime",
      "sagemaker-featurestore-runtime", "sagemaker-metrics", "s3", "sts", "iam", "logs", "cloudwatch");
  private static final String NAME = "denied-by-name";
  private static final Caller CALLER = new Caller(new AccountId("123456789012"), new Region("us-east-1"),
      new Identity.User("someone", "/", "AIDAX"), "AKIA");
  private static final Policies DENYING = Policies.ofIdentity(List.of(new NamedPolicy("test", PolicyDocument.parse("""
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "arn:*:*:*:*:*%s*"}]}""".formatted(NAME),
      PolicyDocument.Kind.IDENTITY))));

  /** Members that name things. */
  private static final String NAMING = "(?i).*(names?|arns?|arnlist|identifiers?|serialnumber|url|bucket)|Key|CopySource";
  /** Operations with members that name something that is not what they act on, and why no right on it is asked. */
  private static final Map<String, String> OTHERS = Map.ofEntries(
      Map.entry("iam:.*(User|Group|Role)Policy PolicyName", "an inline policy has no ARN; its holder has"),
      Map.entry("iam:(Attach|Detach).*Policy PolicyArn", "IAM asks for the holder, with the condition key iam:PolicyARN"),
      Map.entry("iam:(AddUserToGroup|RemoveUserFromGroup) UserName", "IAM asks for the group"),
      Map.entry("iam:(AddRoleTo|RemoveRoleFrom)InstanceProfile RoleName", "IAM asks for the profile; adding, PassRole"),
      Map.entry("iam:(Deactivate|Enable|Resync)MFADevice SerialNumber|iam:GetMFADevice SerialNumber",
          "IAM asks for the user who has the device"),
      Map.entry("iam:SimulatePrincipalPolicy (ActionNames|ResourceArns|CallerArn)", "what a simulation is about"),
      Map.entry("sts:AssumeRole.*", "RoleAssumption asks, together with the role's trust policy"),
      Map.entry("sagemaker:.* (Execution)?RoleArn", "iam:PassRole is asked for it"),
      Map.entry("s3:DeleteObjects .*", "each object is asked for by itself, with its own answer"),
      Map.entry("sagemaker:(Create|Update)NotebookInstance LifecycleConfigName",
          "IAM asks for the notebook instance, with the condition key sagemaker:NotebookInstanceLifecycleConfigArns"),
      Map.entry("sagemaker:(Create|Update)NotebookInstance PlatformIdentifier", "one of AWS's platforms, in no ARN"),
      Map.entry("sagemaker:CreateDomain DomainName", "a domain's ARN has its id"),
      Map.entry("sagemaker:.* ((Space)?DisplayName|SingleSignOnUserIdentifier)", "shown or looked up, in no ARN"),
      Map.entry("sagemaker-runtime:.* TargetContainerHostname", "a container within the endpoint"),
      Map.entry("cloudwatch:.* MetricName", "metrics have no ARN"),
      Map.entry("logs:.* (filterName|metricName|logStreamNames)", "filters have no ARN; many streams are asked as their group"));

  @Test
  void nothingNamedGetsPastADeny() {
    List<String> past = new ArrayList<>();
    Set<String> unused = new TreeSet<>(OTHERS.keySet());
    int asked = 0;
    for (String service : SERVICES) {
      ServiceModel model = ServiceModel.load(service);
      for (String name : model.operationNames()) {
        OperationModel operation = model.operation(name).orElseThrow();
        List<ResourceType> types = AuthorisationTable.load(service).entry(name).resourceTypes();
        if (platform.operations().find(service, name).isEmpty() || types.isEmpty()) {
          continue;
        }
        for (Member member : naming(operation)) {
          String what = service + ":" + name + " " + member.name();
          if (unused.removeIf(what::matches) || OTHERS.keySet().stream().anyMatch(what::matches)) {
            continue;
          }
          for (String value : values(member, types)) {
            asked++;
            if (!denied(operation, member, value)) {
              past.add(what + "=" + value);
            }
          }
        }
      }
    }
    assertThat(past).isEmpty();
    assertThat(unused).as("exceptions for what is not there").isEmpty();
    assertThat(asked).isGreaterThan(350);
  }

  private static List<Member> naming(OperationModel operation) {
    return operation.input().map(shape -> shape.members().values().stream()
        .filter(member -> member.name().matches(NAMING))
        .filter(member -> isList(member) || member.shape() instanceof StringShape text && text.values().isEmpty())
        .toList()).orElse(List.of());
  }

  private static boolean isList(Member member) {
    return member.shape() instanceof ListShape list && list.element().shape() instanceof StringShape text
        && text.values().isEmpty();
  }

  /** The plain name, or the ARN of a resource of each type, or both: what the member takes. */
  private static Set<String> values(Member member, List<ResourceType> types) {
    Set<String> values = new TreeSet<>();
    if (member.name().matches("(?i).*(arn|arns|arnlist|identifiers?|serialnumber)")) {
      types.forEach(type -> values.add(type.arnTemplate().replace("${Partition}", "aws")
          .replace("${Region}", "us-east-1").replace("${Account}", "123456789012")
          .replaceAll("\\$\\{[^}]+\\}", NAME)));
    }
    if (!member.name().matches("(?i).*(arn|arns|arnlist|serialnumber)")) {
      values.add(switch (member.name()) {
        case "Url" -> "https://" + NAME;
        case "CopySource" -> NAME + "/key";
        default -> NAME;
      });
    }
    return values;
  }

  @Test
  void metricsAreAskedForOnWhatTheyNameAlone() {
    String own = "arn:aws:sagemaker:us-east-1:123456789012:";
    assertThat(asked("BatchPutMetrics", Map.of("TrialComponentName", "fit-aws-training-job")))
        .containsExactly(own + "experiment-trial-component/fit-aws-training-job");
    assertThat(asked("BatchGetMetrics", Map.of("MetricQueries", List.of(Map.of("ResourceArn", own + "training-job/Fit"),
        Map.of("ResourceArn", own + "experiment-trial-component/run"))))).containsExactlyInAnyOrder(
        own + "training-job/fit", own + "experiment-trial-component/run");
  }

  private List<String> asked(String operation, Map<String, Object> input) {
    OperationModel model = ServiceModel.load("sagemaker-metrics").operation(operation).orElseThrow();
    return platform.access().of(CALLER, model, input).stream().map(Access::resource).toList();
  }

  private boolean denied(OperationModel operation, Member member, String value) {
    Map<String, Object> input = new HashMap<>(switch (operation.service()) {
      case "s3" -> Map.of("Bucket", "open", "Key", "open");
      // what is renamed
      case "iam" -> Map.of("UserName", "open", "GroupName", "open", "ServerCertificateName", "open");
      default -> Map.of();
    });
    input.keySet().retainAll(operation.input().orElseThrow().members().keySet());
    input.put(member.name(), isList(member) ? List.of("open", value) : value);
    return platform.access().of(CALLER, operation, input).stream().anyMatch(NamedResourcesSweepTest::denied);
  }

  private static boolean denied(Access access) {
    return PolicyEvaluator.evaluate(new RequestContext(access.action(), access.resource(), access.keys()), DENYING)
        instanceof Decision.ExplicitDeny;
  }
}
