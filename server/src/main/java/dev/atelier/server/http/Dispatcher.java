package dev.atelier.server.http;

import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.Credential;
import dev.atelier.identity.IdentityFeature;
import dev.atelier.identity.ReadRights;
import dev.atelier.identity.RequestAccess;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.kernel.StorageFull;
import dev.atelier.models.ConstraintCheck;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import dev.atelier.operation.OperationTable;
import dev.atelier.s3.S3Feature;
import dev.atelier.wire.Authentication;
import dev.atelier.wire.CborRpc;
import dev.atelier.wire.ErrorDialect;
import dev.atelier.wire.Headers;
import dev.atelier.wire.SigV4Verifier;
import dev.atelier.wire.SigningKey;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request: service, signature, operation, rights, constraints, then the feature's method. */
public final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final String SAGEMAKER_PRINCIPAL = "sagemaker.amazonaws.com";
  private static final String DENIAL = "x-atelier-authorization-message";
  private static final Region NO_REGION = new Region("us-east-1");

  private final OperationTable operations;
  private final IdentityFeature identity;
  private final RequestAccess access;
  private final ReadRights rights;
  private final SigV4Verifier verifier;
  private final Clock clock;
  private final S3Feature s3;
  private final BrowserOrigins origins;
  private final Wires wires = new Wires();

  public Dispatcher(OperationTable operations, IdentityFeature identity, RequestAccess access, S3Feature s3,
      Clock clock) {
    this.s3 = s3;
    this.origins = new BrowserOrigins(s3.crossOrigin());
    this.operations = operations;
    this.identity = identity;
    this.access = access;
    this.rights = new ReadRights(access, identity.authoriser());
    this.clock = clock;
    this.verifier = new SigV4Verifier(this::signingKey, clock);
  }

  /** Answers a request whose service is to be found by its headers, path and signature. */
  WireResponse dispatch(WireRequest request) {
    Optional<UnsignedForm> form = UnsignedForm.of(request);
    return form.isPresent() ? dispatch(form.get().request(), form.get().route())
        : dispatch(request, ServiceRoute.of(CborRpc.target(request).map(target ->
            target.service() + "." + target.operation()).or(() -> request.headers().first("X-Amz-Target")),
        SignedScope.service(request), service -> wires.rest(service, request, Optional.empty()).isPresent()));
  }

  /** Answers a request for a service; every failure becomes an answer of the service's protocol. */
  WireResponse dispatch(WireRequest request, ServiceRoute route) {
    Wire wire = wires.of(route.service(), request);
    if (wire.dialect() != ErrorDialect.S3) {
      return answer(request, route, wire, Optional.empty());
    }
    return BrowserOrigins.isPreflight(request) ? origins.preflight(wire, request, route.bucket())
        : origins.answered(request, route.bucket(), answer(request, route, wire, Optional.empty()));
  }

  /** Answers a request whose caller is known without a signature, as from a session at the console. */
  public WireResponse dispatchFor(Caller caller, String service, WireRequest request) {
    return answer(request, new ServiceRoute(service, Optional.empty()), wires.of(service, request), Optional.of(caller));
  }

  /** Whether a request of this caller's may be told of a resource that it could describe or list. */
  public boolean mayKnow(Caller caller, Arn resource, WireRequest request) {
    return ServiceModel.SERVICES.contains(resource.service())
        && rights.mayKnow(caller, resource, wires.of(resource.service(), request).requestKeys(request));
  }

  /** @param known the caller of a request whose signature, if there is one, does not count */
  private WireResponse answer(WireRequest request, ServiceRoute route, Wire wire, Optional<Caller> known) {
    String requestId = UUID.randomUUID().toString();
    Optional<OperationModel> operation = Optional.empty();
    Headers denial = new Headers();
    try {
      if (known.isEmpty() && wire.dialect() == ErrorDialect.S3 && BrowserUpload.is(request, route.bucket())) {
        BrowserUpload upload = BrowserUpload.of(request, route.bucket());
        operation = Optional.of(upload.operation());
        Authentication form = verifier.verifyForm(upload.fields());
        return upload.answer(perform(wire, upload.match(request, wire, form, clock.instant()),
            caller(wire, upload.operation(), form), requestId, denial));
      }
      Authentication authentication = known.isPresent() ? new Authentication.Unsigned()
          : verifier.verify(request, wire.dialect(), route.bucket());
      WireRequest content = authentication instanceof Authentication.Verified verified
          ? verified.content(request) : request;
      Wires.Match match = wires.find(wire, route.service(), content, route.bucket())
          .orElseThrow(wire::unknownOperation);
      operation = Optional.of(match.operation());
      Caller caller = known.orElseGet(() -> caller(wire, match.operation(), authentication));
      return perform(wire, match, caller, requestId, denial);
    } catch (Fault fault) {
      WireResponse answer = wire.error(naming(request, fault), requestId, operation);
      denial.names().stream().filter(name -> answer.headers().first(name).isEmpty())
          .forEach(name -> answer.headers().add(name, denial.first(name).orElseThrow()));
      return answer;
    } catch (RuntimeException failure) {
      if (StorageFull.caused(failure)) {
        LOG.warn("the disk is full: {}", failure.getMessage());
        return wire.error(new Fault("InsufficientStorage", 507, "The server has no space left to store the request."),
            requestId, operation);
      }
      if (SentBody.brokeOff(failure)) {
        LOG.debug("request {} broke off", requestId, failure);
        return wire.error(new Fault("IncompleteBody", 400,
            "You did not provide the number of bytes specified by the Content-Length HTTP header"), requestId, operation);
      }
      LOG.error("request {} to {} failed", requestId,
          route.service() + ":" + operation.map(OperationModel::name).orElse("?"), failure);
      return wire.error(new Fault("InternalFailure", 500,
          "The request processing has failed because of an unknown error, exception or failure."),
          requestId, operation);
    }
  }

  /** S3 says which method it was that a delete marker does not take. */
  private static Fault naming(WireRequest request, Fault fault) {
    if (!fault.members().containsKey("Method")) {
      return fault;
    }
    Map<String, Object> members = new LinkedHashMap<>(fault.members());
    members.put("Method", request.method());
    return new Fault(fault.code(), fault.status(), fault.getMessage(), members).withHeaders(fault.headers());
  }

  private WireResponse perform(Wire wire, Wires.Match match, Caller caller, String requestId, Headers denial) {
    OperationModel operation = match.operation();
    Map<String, Object> input = wire.protocol().decode(operation, match.request(), match.labels());
    Map<String, List<String>> requestKeys = wire.requestKeys(match.request());
    if (operation.service().equals("s3") && operation.name().equals("HeadBucket")) {
      // clients learn a bucket's region from the refusal too
      s3.region(String.valueOf(input.get("Bucket"))).ifPresent(region -> denial.add("x-amz-bucket-region", region.name()));
    }
    if (BulkDeletion.is(operation)) {
      BulkDeletion deletion = BulkDeletion.of(input, object ->
          identity.authoriser().refusal(caller, access.deletion(caller, input, object).with(requestKeys)));
      Map<String, Object> output =
          deletion.empty() ? Map.of() : checked(wire, caller, operation, deletion.input());
      return wire.protocol().encode(operation, deletion.answer(output), requestId);
    }
    for (Access needed : access.of(caller, operation, input)) {
      authorise(caller, needed.with(requestKeys), denial);
    }
    try {
      return wire.protocol().encode(operation, checked(wire, caller, operation, input), requestId);
    } catch (Fault fault) {
      if (fault.code().equals("NoSuchKey")) {
        access.listing(caller, operation, input).ifPresent(listing ->
            authorise(caller, listing.with(requestKeys), denial));
      }
      throw fault;
    }
  }

  /** Holds the request against the model and the roles it passes, and performs it. */
  private Map<String, Object> checked(Wire wire, Caller caller, OperationModel operation, Map<String, Object> input) {
    operation.input().ifPresent(shape -> {
      if (wire.dialect() == ErrorDialect.S3) {
        S3Arguments.check(shape, input);
      }
      if (operation.service().equals("ecr")) {
        EcrArguments.check(shape, input);
      }
      ConstraintCheck.check(shape, input, wire.validationCode());
    });
    for (String role : access.passedRoles(operation, input)) {
      identity.authoriser().authorisePassRole(caller, role, SAGEMAKER_PRINCIPAL);
    }
    OperationTable.Handler<?, ?> handler = operations.find(operation.service(), operation.name())
        .orElseThrow(() -> Fault.unsupportedOperation(operation.service(), operation.name()));
    return handler.perform(caller, input);
  }

  /** What was decided, and by which statement, goes along sealed: DecodeAuthorizationMessage opens it. */
  private void authorise(Caller caller, Access needed, Headers denial) {
    try {
      identity.authoriser().authorise(caller, needed);
    } catch (Fault refused) {
      if (!(caller.identity() instanceof Identity.Anonymous)) {
        denial.add(DENIAL, identity.denials().encode(caller, needed));
      }
      throw refused;
    }
  }

  private Caller caller(Wire wire, OperationModel operation, Authentication authentication) {
    return switch (authentication) {
      case Authentication.Unsigned() -> {
        if (!operation.service().equals("s3") && !UnsignedForm.OPERATIONS.contains(operation.name())) {
          throw wire.dialect().missingSignature();
        }
        yield new Caller(new AccountId("000000000000"), NO_REGION, new Identity.Anonymous(), "", false);
      }
      case Authentication.Verified verified -> {
        String signingName = ServiceModel.load(operation.service()).metadata().signingName();
        if (!verified.service().equals(signingName)) {
          throw wire.wrongScope("Credential should be scoped to correct service: '" + signingName + "'. ");
        }
        if (!verified.region().isEmpty() && !Region.isRegion(verified.region())) {
          throw wire.wrongScope("Credential should be scoped to a valid region. ");
        }
        Credential credential = identity.credentials().find(verified.accessKeyId()).orElseThrow();
        identity.keyUse().note(verified.accessKeyId(), credential.identity(), verified.service(), verified.region());
        yield new Caller(credential.account(),
            verified.region().isEmpty() ? NO_REGION : new Region(verified.region()),
            credential.identity(), verified.accessKeyId(), !verified.region().isEmpty());
      }
    };
  }

  private Optional<SigningKey> signingKey(String accessKeyId) {
    return identity.credentials().find(accessKeyId).map(credential -> new SigningKey(
        credential.secretAccessKey(), credential.sessionToken(), credential.expiresAt()));
  }
}
