package dev.atelier.server;

import dev.atelier.server.http.SpotInterruptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atelier interrupt}: takes away a training job's spot instances, as AWS does when others want them. */
@Command(name = "interrupt", mixinStandardHelpOptions = true,
    description = "Takes away the spot instances of a running training job, which goes on from its checkpoints.")
final class InterruptCommand implements Callable<Integer> {
  @Mixin
  private DataOption data;

  @Option(names = "--region", defaultValue = "us-east-1", description = "the region (default: us-east-1)")
  private String region;

  @Parameters(index = "0", paramLabel = "JOB", description = "the training job's name")
  private String job;

  @Override
  public Integer call() throws IOException, GeneralSecurityException {
    AdministratorKey key = AdministratorKey.read(data.folder())
        .orElseThrow(() -> new CommandFailure("the data folder holds no administrator's key"));
    SignedCall.Answer answer = new SignedCall(data.requireServer().url(),
        PemTrust.of(data.folder().resolve("trust/ca-bundle.pem")), key, region).post(SpotInterruptions.PATH, job);
    if (answer.status() != 200) {
      throw new CommandFailure(answer.text());
    }
    System.out.println("interrupted " + job);
    return 0;
  }
}
