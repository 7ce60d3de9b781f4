package dev.atelier.studio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import java.util.Map;

/** What Studio does in AWS's services as an execution role, by the same way as every signed call. */
public interface RoleActions {
  /**
   * Performs an operation of SageMaker's and gives its answer.
   *
   * @throws Fault what it answers, with status 403 where a right is missing
   */
  JsonNode perform(Arn role, Region region, String operation, Map<String, Object> request);

  /** Makes a bucket in a region. @throws Fault what S3 answers, with status 403 where a right is missing */
  void makeBucket(Arn role, Region region, String bucket);
}
