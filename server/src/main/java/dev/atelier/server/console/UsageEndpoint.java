package dev.atelier.server.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.identity.Authoriser;
import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.ConsoleSessions;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.studio.IdleApps;
import dev.atelier.studio.sharing.Snapshot;
import dev.atelier.studio.sharing.Snapshots;
import dev.atelier.usage.Budget;
import dev.atelier.usage.Budgets;
import dev.atelier.usage.Payer;
import dev.atelier.usage.Prices;
import dev.atelier.usage.UsageFeature;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /studio-api/}: what ran and what it cost, prices, budgets, and the end of all that runs. AWS has these in other
 * services or not at all; rights are asked by its names for them.
 */
public final class UsageEndpoint {
  static final String PATH = "/studio-api/";
  private static final String REGION = "X-Atelier-Region";
  private static final int MOST_BYTES = 16 << 10;
  private static final BigDecimal MOST_USD = BigDecimal.valueOf(1_000_000_000);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ConsoleSessions sessions;
  private final Authoriser authoriser;
  private final UsageFeature usage;
  private final StopAll stops;
  private final IdleApps idle;
  private final Snapshots snapshots;
  private final Clock clock;

  /** @param stops ends what runs, as the operations of SageMaker's that the caller may use */
  public UsageEndpoint(ConsoleSessions sessions, Authoriser authoriser, UsageFeature usage, StopAll stops,
      IdleApps idle, Snapshots snapshots, Clock clock) {
    this.sessions = sessions;
    this.authoriser = authoriser;
    this.usage = usage;
    this.stops = stops;
    this.idle = idle;
    this.snapshots = snapshots;
    this.clock = clock;
  }

  WireResponse answer(WireRequest request) {
    Caller caller = caller(request);
    return switch (request.method() + " " + request.rawPath().substring(PATH.length())) {
      case "GET usage" -> {
        authoriser.authorise(caller, Access.of("ce:GetCostAndUsage", "*"));
        yield Answers.json(200, usage(caller, query(request)));
      }
      case "GET prices" -> {
        authoriser.authorise(caller, Access.of("pricing:GetProducts", "*"));
        yield Answers.json(200, Map.of("currency", Prices.currency(), "source", Prices.source(), "prices", Prices.all()));
      }
      case "GET budgets" -> {
        authoriser.authorise(caller, Access.of("budgets:ViewBudget", budgetArn(caller, "*")));
        yield Answers.json(200, Map.of("currency", Prices.currency(), "budgets",
            usage.budgets().states(caller.account(), caller.region()).stream().map(UsageEndpoint::told).toList()));
      }
      case "PUT budgets" -> put(caller, body(request));
      case "DELETE budgets" -> remove(caller, body(request));
      case "GET idle" -> {
        authoriser.authorise(caller, Access.of("sagemaker:ListApps", "*"));
        yield Answers.json(200, Map.of("apps",
            idle.outlooks(caller.account(), caller.region()).stream().map(IdleAnswers::told).toList()));
      }
      case "GET snapshots" -> Answers.json(200, snapshot(caller, query(request)));
      case "POST idle" -> keep(caller, body(request));
      case "POST stop-all" -> {
        JsonNode body = body(request);
        yield Answers.json(200, stops.stop(caller, chosen(body),
            body.path("endpoints").asBoolean(false)));
      }
      default -> throw new Fault("NotFound", 404, "There is nothing of that name.");
    };
  }

  private Caller caller(WireRequest request) {
    ConsoleSessions.Session session = SessionCookie.token(request.headers()).flatMap(sessions::find)
        .orElseThrow(() -> new Fault("NotSignedIn", 401, "Sign in first, or again: the session has ended."));
    String region = request.headers().first(REGION).orElse("us-east-1");
    if (!Region.isRegion(region)) {
      throw new Fault("UnknownRegion", 400, "There is no region of that name.");
    }
    return new Caller(session.account(), new Region(region), session.user(), session.accessKeyId());
  }

  private Map<String, Object> usage(Caller caller, Map<String, String> query) {
    Instant now = clock.instant();
    Instant to = time(query, "to").filter(at -> at.isBefore(now)).orElse(now);
    Instant from = time(query, "from").orElse(YearMonth.from(to.atOffset(ZoneOffset.UTC)).atDay(1).atStartOfDay()
        .toInstant(ZoneOffset.UTC));
    return UsageReport.of(usage.ledger().within(caller.account(), caller.region(), from, to).stream()
        .filter(entry -> matches(query, "domain", entry.payer().domain())
            && matches(query, "user", entry.payer().owner())).toList(), from, to);
  }

  private static boolean matches(Map<String, String> query, String name, String value) {
    return !query.containsKey(name) || query.get(name).equals(value);
  }

  private static Optional<Instant> time(Map<String, String> query, String name) {
    try {
      return Optional.ofNullable(query.get(name)).map(Instant::parse);
    } catch (DateTimeException e) {
      throw new Fault("BadRequest", 400, name + " must be a time such as 2026-11-01T00:00:00Z.");
    }
  }

  /** What is shared and by whom, for who may see the domain; the notebook itself is read by its viewer's role alone. */
  private Map<String, Object> snapshot(Caller caller, Map<String, String> query) {
    Arn domain = Arn.of("sagemaker", caller.region(), caller.account(), "domain/" + query.getOrDefault("domain", ""));
    authoriser.authorise(caller, Access.of("sagemaker:DescribeDomain", domain.toString()));
    Snapshot found = snapshots.require(domain, query.getOrDefault("id", ""));
    return Map.of("name", found.name(), "owner", found.owner(), "created", found.createdAt().toString());
  }

  /** Keeps an app: whoever could start it again may. */
  private WireResponse keep(Caller caller, JsonNode body) {
    Arn app = Arn.parse(text(body, "arn")).filter(arn -> arn.resource().startsWith("app/")
            && arn.account().equals(caller.account().value()) && arn.region().equals(caller.region().name()))
        .orElseThrow(() -> new Fault("BadRequest", 400, "arn must be the ARN of an app of this account and region."));
    authoriser.authorise(caller, Access.of("sagemaker:CreateApp", app.toString()));
    Instant until = idle.keep(app, IdleAnswers.time(body))
        .orElseThrow(() -> new Fault("NotFound", 404, "There is no such app that runs."));
    return Answers.json(200, Map.of("until", until.toString()));
  }

  private static Map<String, Object> told(Budgets.State state) {
    Map<String, Object> told = new LinkedHashMap<>(UsageReport.told(state.budget().of()));
    told.put("monthly", state.budget().monthly());
    told.put("spent", state.spent());
    told.put("usedUp", state.usedUp());
    return told;
  }

  private WireResponse put(Caller caller, JsonNode body) {
    Payer of = payer(body);
    modify(caller, of);
    JsonNode monthly = body.path("monthly");
    if (!monthly.isNumber() || monthly.decimalValue().signum() < 0 || monthly.decimalValue().compareTo(MOST_USD) > 0) {
      throw new Fault("BadRequest", 400, "monthly must be a number from 0 to " + MOST_USD.toPlainString() + ".");
    }
    usage.budgets().put(caller.account(), caller.region(), new Budget(of, monthly.decimalValue()));
    return Answers.empty(204);
  }

  private WireResponse remove(Caller caller, JsonNode body) {
    Payer of = payer(body);
    modify(caller, of);
    if (!usage.budgets().remove(caller.account(), caller.region(), of)) {
      throw new Fault("NotFound", 404, "There is no such budget.");
    }
    return Answers.empty(204);
  }

  private void modify(Caller caller, Payer of) {
    authoriser.authorise(caller, Access.of("budgets:ModifyBudget", budgetArn(caller,
        of.domain() + (of.domain().isEmpty() || of.owner().isEmpty() ? "" : "/") + of.owner())));
  }

  private static String budgetArn(Caller caller, String name) {
    return Arn.global(caller.partition(), "budgets", caller.account(), "budget/" + name).toString();
  }

  /** Whose budget is meant: a domain's, a user's in a domain, or a principal's. */
  private static Payer payer(JsonNode body) {
    Payer of = new Payer(text(body, "domain"), text(body, "user"));
    if (of.equals(Payer.UNKNOWN) || of.domain().isEmpty() && Arn.parse(of.owner()).isEmpty()) {
      throw new Fault("BadRequest", 400, "A budget is of a domain, of a user in a domain, or of the ARN of a principal.");
    }
    return of;
  }

  private static StopAll.Chosen chosen(JsonNode body) {
    return new StopAll.Chosen(Optional.of(text(body, "domain")).filter(text -> !text.isEmpty()),
        Optional.of(text(body, "user")).filter(text -> !text.isEmpty()));
  }

  private static String text(JsonNode body, String name) {
    JsonNode value = body.path(name);
    if (!value.isMissingNode() && (!value.isTextual() || value.asText().length() > 256)) {
      throw new Fault("BadRequest", 400, name + " must be a text of at most 256 characters.");
    }
    return value.asText("");
  }

  private static JsonNode body(WireRequest request) {
    try {
      byte[] bytes = request.body().readNBytes(MOST_BYTES + 1);
      JsonNode sent = bytes.length > MOST_BYTES ? null : bytes.length == 0 ? JSON.createObjectNode()
          : JSON.readTree(bytes);
      if (sent instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException unreadable) {
      // answered below
    }
    throw new Fault("BadRequest", 400, "The request's body is not a JSON object of at most " + MOST_BYTES + " bytes.");
  }

  private static Map<String, String> query(WireRequest request) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : List.of(request.rawQuery().split("&"))) {
      String[] parts = pair.split("=", 2);
      if (parts.length == 2) {
        try {
          query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          throw new Fault("BadRequest", 400, "The query is not encoded as URLs are.");
        }
      }
    }
    return query;
  }
}
