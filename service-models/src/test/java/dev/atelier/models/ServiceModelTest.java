package dev.atelier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.Tag;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceModelTest {
  static List<String> services() {
    return ServiceModel.SERVICES;
  }

  @ParameterizedTest
  @MethodSource("services")
  void everyShapeAndOperationIsReadable(String service) {
    ServiceModel model = ServiceModel.load(service);
    for (String name : model.shapeNames()) {
      switch (model.shape(name)) {
        case StructureShape structure -> structure.members().values().forEach(Member::shape);
        case ListShape list -> assertThat(list.element().shape()).isNotNull();
        case MapShape map -> assertThat(map.value().shape()).isNotNull();
        case StringShape string -> string.pattern().ifPresent(pattern -> pattern.matches("x"));
        case NumberShape number -> assertThat(number.kind()).isNotNull();
        case BooleanShape flag -> assertThat(flag.name()).isNotEmpty();
        case BlobShape blob -> assertThat(blob.length()).isNotNull();
        case TimestampShape time -> assertThat(time.format()).isNotNull();
      }
    }
    AuthorisationTable rights = AuthorisationTable.load(service);
    for (String name : model.operationNames()) {
      OperationModel operation = model.operation(name).orElseThrow();
      operation.input();
      operation.output();
      assertThat(operation.errors()).allSatisfy(error -> assertThat(error.status()).isBetween(300, 599));
      assertThat(rights.entry(name).actions()).isNotEmpty();
    }
  }

  @Test
  void sagemakerIsThePinnedModel() {
    ServiceModel model = ServiceModel.load("sagemaker");
    assertThat(model.operationNames()).hasSize(403);
    assertThat(model.metadata().targetPrefix()).isEqualTo("SageMaker");
    assertThat(model.metadata().jsonVersion()).isEqualTo("1.1");
    assertThat(model.operation("ListTrainingJobs").orElseThrow().pagination()).hasValueSatisfying(page -> {
      assertThat(page.inputTokens()).containsExactly("NextToken");
      assertThat(page.limit()).hasValue("MaxResults");
    });
    assertThat(model.operation("LaunchRocket")).isEmpty();
    assertThatThrownBy(() -> ServiceModel.load("../sagemaker")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rightsNameActionsAndRoles() {
    AuthorisationTable.Entry entry = AuthorisationTable.load("sagemaker").entry("CreateTrainingJob");
    assertThat(entry.actions()).containsExactly("sagemaker:CreateTrainingJob");
    assertThat(entry.passRoleMembers()).containsExactly("RoleArn");
    assertThat(entry.resourceTypes()).anySatisfy(type -> {
      assertThat(type.name()).isEqualTo("training-job");
      assertThat(type.arnTemplate()).endsWith(":training-job/${TrainingJobName}");
      assertThat(type.required()).isTrue();
    });
    AuthorisationTable s3 = AuthorisationTable.load("s3");
    assertThat(s3.entry("HeadObject").actions()).containsExactly("s3:GetObject");
    assertThat(s3.entry("HeadObject").versionActions()).containsExactly("s3:GetObjectVersion");
    assertThat(s3.entry("ListObjectsV2").actions()).containsExactly("s3:ListBucket");
    assertThat(s3.entry("UploadPart").actions()).containsExactly("s3:PutObject");
  }

  @Test
  void recordsKeepWhatWasSetAndAnswerEmptyCollections() {
    Operation<CreateTrainingJobRequest, ?> operation = SageMakerOperations.createTrainingJob();
    CreateTrainingJobRequest request = operation.reader().apply(Map.of("TrainingJobName", "j",
        "Tags", List.of(Map.of("Key", "k", "Value", "v")), "InputDataConfig", List.of()));
    assertThat(request.tags()).containsExactly(Tag.builder().key("k").value("v").build());
    assertThat(request.hyperParameters()).isEmpty();
    assertThat(request.toDocument()).containsOnlyKeys("TrainingJobName", "InputDataConfig", "Tags");
    assertThat(request.toBuilder().trainingJobName("k").build().toDocument())
        .containsEntry("TrainingJobName", "k").containsEntry("InputDataConfig", List.of());
  }
}
