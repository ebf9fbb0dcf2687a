package dev.modelflow.cli.doctor;

import dev.modelflow.calibrate.Choice;
import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.ApiException;
import dev.modelflow.cli.server.Setting;
import dev.modelflow.cli.server.SettingException;
import dev.modelflow.cli.server.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Asks every service how it stands; changes nothing and waits for nobody. */
public final class Doctor {
  private static final List<String> POOLS = List.of("cpu", "gpu");

  private Doctor() {}

  /** How this machine stands, whose state folder is {@code state}. */
  public static List<Check> machine(Path state) {
    return MachineChecks.of(state);
  }

  /** Whether it was measured how trainers start fastest here, as {@code file} says. */
  public static Check calibration(Path file) {
    Choice choice = Choice.of(file);
    return switch (choice.reason()) {
      case CALIBRATED, NEVER -> Check.ok("calibration", choice.message());
      case OTHER_MACHINE, UNREADABLE -> Check.warning("calibration", choice.message());
    };
  }

  /** How the services stand that these settings name; web's only where they hold its token. */
  public static List<Check> services(Map<String, String> environment) {
    Settings settings = new Settings(environment);
    List<Check> checks = new ArrayList<>();
    checks.addAll(configured("ledger", () -> LedgerChecks.of(settings.ledger(), POOLS)));
    checks.addAll(configured("objects", () -> StoreChecks.of(settings.objects())));
    checks.addAll(configured("temporal", () -> EngineChecks.of(settings.temporal(), POOLS)));
    if (environment.containsKey(Setting.WEB_TOKEN_FILE.variable())) {
      checks.addAll(configured("web", () -> List.of(web(settings))));
    }
    return checks;
  }

  private static List<Check> configured(String name, Supplier<List<Check>> checks) {
    try {
      return checks.get();
    } catch (SettingException wrong) {
      return List.of(Check.wrong(name, String.valueOf(wrong.getMessage())));
    }
  }

  private static Check web(Settings settings) {
    String listens = settings.text(Setting.WEB_ADDRESS);
    URI address =
        URI.create(
            "http://%s:%s"
                .formatted(
                    listens.equals("0.0.0.0") ? "127.0.0.1" : listens,
                    settings.text(Setting.WEB_PORT)));
    return web(address, new Api(address, settings.secret(Setting.WEB_TOKEN_FILE)));
  }

  /** How the server at {@code address} stands, asked by {@code api}. */
  public static Check web(URI address, Api api) {
    try {
      api.get(Api.path("pools"));
      return Check.ok("web", address + " answers and knows the token");
    } catch (ApiException failure) {
      return Check.wrong(
          "web",
          switch (failure.status()) {
            case 0 -> "%s does not answer; start web, or look into its log".formatted(address);
            case 401, 403 ->
                "%s does not know the token; name the file of one that it knows".formatted(address);
            default ->
                "%s answers %d (%s); look into web's log"
                    .formatted(address, failure.status(), failure.getMessage());
          });
    }
  }
}
