package dev.atelier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ConstraintCheckTest {
  private static final ServiceModel SAGEMAKER = ServiceModel.load("sagemaker");

  private static StructureShape input(String operation) {
    return SAGEMAKER.operation(operation).orElseThrow().input().orElseThrow();
  }

  @Test
  void oneMissingMember() {
    assertThatThrownBy(() -> ConstraintCheck.check(input("DescribeTrainingJob"), Map.of()))
        .isInstanceOfSatisfying(Fault.class, fault -> {
          assertThat(fault.code()).isEqualTo("ValidationException");
          assertThat(fault.status()).isEqualTo(400);
        })
        .hasMessage("1 validation error detected: Value null at 'trainingJobName' failed to satisfy constraint: "
            + "Member must not be null");
  }

  @Test
  void oneValueMayFailTwice() {
    String name = "a_" + "b".repeat(70);
    assertThatThrownBy(() -> ConstraintCheck.check(input("DescribeTrainingJob"), Map.of("TrainingJobName", name)))
        .hasMessage("2 validation errors detected: Value '" + name + "' at 'trainingJobName' failed to satisfy "
            + "constraint: Member must have length less than or equal to 63; Value '" + name
            + "' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
            + "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}");
  }

  @Test
  void membersOfListsAreCountedFromOne() {
    Map<String, Object> variant = Map.of("VariantName", "AllTraffic", "ModelName", "not_a_name");
    assertThat(ConstraintCheck.violations(input("CreateEndpointConfig"),
        Map.of("EndpointConfigName", "c", "ProductionVariants", List.of(variant))))
        .containsExactly("Value 'not_a_name' at 'productionVariants.1.member.modelName' failed to satisfy constraint: "
            + "Member must satisfy regular expression pattern: [a-zA-Z0-9]([\\-a-zA-Z0-9]*[a-zA-Z0-9])?");
  }

  @Test
  void enumsListTheirValues() {
    assertThat(ConstraintCheck.violations(input("ListTrainingJobs"), Map.of("SortOrder", "Sideways")))
        .containsExactly("Value 'Sideways' at 'sortOrder' failed to satisfy constraint: "
            + "Member must satisfy enum value set: [Ascending, Descending]");
  }

  @Test
  void numbersAreBounded() {
    assertThat(ConstraintCheck.violations(input("ListTrainingJobs"), Map.of("MaxResults", 101)))
        .containsExactly("Value '101' at 'maxResults' failed to satisfy constraint: "
            + "Member must have value less than or equal to 100");
  }

  @Test
  void plainElementsAreReportedAtTheirCollection() {
    Map<String, Object> vpc = Map.of("SecurityGroupIds", List.of("sg?"), "Subnets", List.of("s-1"));
    assertThat(ConstraintCheck.violations(SAGEMAKER.shape("VpcConfig"), vpc)).containsExactly(
        "Value '[sg?]' at 'securityGroupIds' failed to satisfy constraint: Member must satisfy constraint: ["
            + "Member must have length less than or equal to 32, Member must have length greater than or equal to 0, "
            + "Member must satisfy regular expression pattern: [-0-9a-zA-Z]+]");
    Map<String, Object> environment = Map.of("Environment", Map.of("1x", "y"));
    assertThat(ConstraintCheck.violations(SAGEMAKER.shape("ContainerDefinition"), environment)).hasSize(1).first()
        .asString().startsWith("Value '{1x=y}' at 'environment' failed to satisfy constraint: "
            + "Map keys must satisfy constraint: [");
  }

  @Test
  void nullElementsAreRefused() {
    Map<String, Object> vpc = new HashMap<>();
    vpc.put("SecurityGroupIds", java.util.Arrays.asList("sg-1", null));
    vpc.put("Subnets", List.of("s-1"));
    assertThat(ConstraintCheck.violations(SAGEMAKER.shape("VpcConfig"), vpc)).containsExactly(
        "Value null at 'securityGroupIds.2.member' failed to satisfy constraint: Member must not be null");
  }

  @Test
  void sensitiveValuesAreNotRepeated() {
    Shape profile = ServiceModel.load("iam").operation("UpdateLoginProfile").orElseThrow().input().orElseThrow();
    assertThat(ConstraintCheck.violations(profile, Map.of("UserName", "u", "Password", "")))
        .isNotEmpty().allSatisfy(clause -> assertThat(clause).startsWith("Value at 'password' failed"));
  }

  @Test
  void aCostlyPatternEnds() {
    BoundedPattern pattern = new BoundedPattern("(a+)+b");
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5),
        () -> assertThat(pattern.matches("a".repeat(4000))).isFalse());
  }
}
