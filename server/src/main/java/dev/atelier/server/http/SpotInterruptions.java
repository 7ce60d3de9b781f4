package dev.atelier.server.http;

import dev.atelier.identity.Authoriser;
import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.Credential;
import dev.atelier.identity.Credentials;
import dev.atelier.identity.RequestAccess;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import dev.atelier.wire.Authentication;
import dev.atelier.wire.ErrorDialect;
import dev.atelier.wire.SigV4Verifier;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Takes away a job's spot instances when somebody asks for it who might stop the job. AWS has no such operation of
 * SageMaker's: there the market asks.
 */
public final class SpotInterruptions {
  /** No bucket can have the name; the body is the training job's. */
  public static final String PATH = "/.well-known/atelier/interrupt";
  private static final int LONGEST_NAME = 63;
  private static final OperationModel STOP =
      ServiceModel.load("sagemaker").operation("StopTrainingJob").orElseThrow();

  private final Credentials credentials;
  private final Authoriser authoriser;
  private final RequestAccess access;
  private final SigV4Verifier verifier;
  private final BiConsumer<Caller, String> interrupt;

  /** @param interrupt told the caller, in the job's account and region, and the job's name */
  public SpotInterruptions(Credentials credentials, Authoriser authoriser, RequestAccess access,
      BiConsumer<Caller, String> interrupt, Clock clock) {
    this.access = access;
    this.credentials = credentials;
    this.authoriser = authoriser;
    this.interrupt = interrupt;
    this.verifier = SignedByKey.verifier(credentials, clock);
  }

  /** Answers a signed POST. */
  public WireResponse answer(WireRequest request) {
    try {
      if (!request.method().equals("POST") || !(verifier.verify(request, ErrorDialect.JSON, Optional.empty())
          instanceof Authentication.Verified verified) || !Region.isRegion(verified.region())) {
        return SignedByKey.text(403, "Sign a POST with an access key: atelier interrupt does.");
      }
      String job = new String(verified.content(request).body().readNBytes(LONGEST_NAME + 1), StandardCharsets.UTF_8);
      Credential credential = credentials.find(verified.accessKeyId()).orElseThrow();
      Caller caller = new Caller(credential.account(), new Region(verified.region()), credential.identity(),
          verified.accessKeyId());
      for (Access needed : access.of(caller, STOP, Map.of("TrainingJobName", job))) {
        authoriser.authorise(caller, needed.with(TransportKeys.of(request)));
      }
      interrupt.accept(caller, job);
      return SignedByKey.text(200, "");
    } catch (Fault fault) {
      return SignedByKey.text(fault.status(), fault.getMessage());
    } catch (IOException e) {
      return SignedByKey.text(400, "The request's body broke off.");
    }
  }
}
