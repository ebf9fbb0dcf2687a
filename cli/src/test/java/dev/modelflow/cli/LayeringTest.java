package dev.modelflow.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.modelflow.ledger.IdempotencyConflictException;
import dev.modelflow.ledger.IdempotencyKeys;

/** The table in docs/architecture.md, over the classes of every room. */
@AnalyzeClasses(packages = "dev.modelflow", importOptions = LayeringTest.Production.class)
class LayeringTest {
  private static final String[] WORKFLOWS = {
    "dev.modelflow.domain..",
    "dev.modelflow.recipe..",
    "dev.modelflow.plan..",
    "dev.modelflow.workflow.."
  };
  private static final String[] DB = {
    "dev.modelflow.ledger..",
    "dev.modelflow.tls..",
    "dev.modelflow.locks..",
    "dev.modelflow.objects..",
    "dev.modelflow.audit..",
    "dev.modelflow.run..",
    "dev.modelflow.read..",
    "dev.modelflow.backup..",
    "dev.modelflow.sweep.."
  };
  private static final String[] ACTIVITIES = {
    "dev.modelflow.text..",
    "dev.modelflow.weights..",
    "dev.modelflow.curate..",
    "dev.modelflow.synthesize..",
    "dev.modelflow.microanneal..",
    "dev.modelflow.release..",
    "dev.modelflow.codec..",
    "dev.modelflow.worker..",
    "dev.modelflow.dispatch.."
  };
  private static final String[] GPU_WORKERS = {
    "dev.modelflow.engine..",
    "dev.modelflow.trainer..",
    "dev.modelflow.pool..",
    "dev.modelflow.bench..",
    "dev.modelflow.calibrate..",
    "dev.modelflow.parity..",
    "dev.modelflow.adapter.."
  };
  private static final String[] WEB = {"dev.modelflow.web.."};
  private static final String[] CLI = {"dev.modelflow.cli.."};
  private static final String[] ANSWERS = {"dev.modelflow.web.api..", "dev.modelflow.web.page.."};
  private static final String[] COMMANDS = {
    "dev.modelflow.cli", "dev.modelflow.cli.client..", "dev.modelflow.cli.view.."
  };
  private static final String[] HTTP = {
    "java.net.http..", "okhttp3..", "jakarta.servlet..", "org.springframework.web.."
  };
  private static final String[] SQL = {
    "java.sql..", "javax.sql..", "org.springframework.jdbc..", "org.postgresql.."
  };
  private static final String TEMPORAL = "io.temporal..";
  private static final String LIBTORCH = "org.bytedeco..";

  @ArchTest static final ArchRule workflowsKnowNoRoomBelow = mayNotTouch(WORKFLOWS, DB);

  @ArchTest static final ArchRule dbKnowsNoRoomBelow = mayNotTouch(DB, ACTIVITIES);

  @ArchTest static final ArchRule dbKnowsNoTemporal = mayNotTouch(DB, TEMPORAL);

  @ArchTest
  static final ArchRule onlyTheObjectStoreKnowsHttp =
      mayNotTouch(
          new String[] {
            "dev.modelflow.ledger..",
            "dev.modelflow.tls..",
            "dev.modelflow.locks..",
            "dev.modelflow.audit..",
            "dev.modelflow.run..",
            "dev.modelflow.read..",
            "dev.modelflow.backup..",
            "dev.modelflow.sweep.."
          },
          HTTP);

  @ArchTest static final ArchRule activitiesKnowNoRoomBelow = mayNotTouch(ACTIVITIES, GPU_WORKERS);

  @ArchTest static final ArchRule activitiesKnowNoLibtorch = mayNotTouch(ACTIVITIES, LIBTORCH);

  @ArchTest static final ArchRule gpuWorkersKnowNoHttp = mayNotTouch(GPU_WORKERS, HTTP);

  @ArchTest static final ArchRule gpuWorkersKnowNoSql = mayNotTouch(GPU_WORKERS, SQL);

  @ArchTest static final ArchRule gpuWorkersKnowNoWeb = mayNotTouch(GPU_WORKERS, WEB);

  @ArchTest static final ArchRule webKnowsNoCpuWork = mayNotTouch(WEB, ACTIVITIES);

  @ArchTest static final ArchRule webKnowsNoGpuWork = mayNotTouch(WEB, GPU_WORKERS);

  @ArchTest static final ArchRule webKnowsNoLibtorch = mayNotTouch(WEB, LIBTORCH);

  @ArchTest
  static final ArchRule webReadsTheLedgerAndNeverTemporal =
      mayNotTouch(WEB, TEMPORAL, "dev.modelflow.workflow..");

  @ArchTest static final ArchRule webKnowsNoCommand = mayNotTouch(WEB, CLI);

  /** Controllers change runs through {@code web.flow} and read through {@code read}. */
  @ArchTest
  static final ArchRule answersKnowOnlyTheLedgersIdempotencyKeys =
      noClasses()
          .that()
          .resideInAnyPackage(ANSWERS)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("dev.modelflow.ledger..", "dev.modelflow.objects..")
                  .and(
                      not(
                          belongToAnyOf(
                              IdempotencyKeys.class, IdempotencyConflictException.class))));

  @ArchTest
  static final ArchRule answersKnowNoSql = mayNotTouch(ANSWERS, "java.sql..", "javax.sql..");

  @ArchTest
  static final ArchRule onlyFlowsDecideOverRuns =
      noClasses()
          .that()
          .resideInAnyPackage(WEB)
          .and()
          .resideOutsideOfPackage("dev.modelflow.web.flow..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("dev.modelflow.run.RunService");

  @ArchTest
  static final ArchRule pagesKnowNoApi =
      mayNotTouch(new String[] {"dev.modelflow.web.page.."}, "dev.modelflow.web.api..");

  @ArchTest
  static final ArchRule theApiKnowsNoPages =
      mayNotTouch(
          new String[] {"dev.modelflow.web.api.."},
          "dev.modelflow.web.page..",
          "dev.modelflow.web.graph..");

  @ArchTest
  static final ArchRule picturesKnowNoServer =
      mayNotTouch(
          new String[] {"dev.modelflow.web.graph.."},
          "org.springframework..",
          "jakarta.servlet..",
          "dev.modelflow.ledger..",
          "dev.modelflow.objects..");

  @ArchTest static final ArchRule commandsAskTheServerAndNoLedger = mayNotTouch(COMMANDS, DB);

  @ArchTest static final ArchRule commandsKnowNoCpuWork = mayNotTouch(COMMANDS, ACTIVITIES);

  @ArchTest static final ArchRule commandsKnowNoGpuWork = mayNotTouch(COMMANDS, GPU_WORKERS);

  @ArchTest
  static final ArchRule commandsKnowNoServerOrTemporal =
      mayNotTouch(COMMANDS, "dev.modelflow.web..", TEMPORAL, "org.springframework..");

  @ArchTest
  static final ArchRule onlyTheClientSpeaksHttp =
      mayNotTouch(
          new String[] {
            "dev.modelflow.cli",
            "dev.modelflow.cli.view..",
            "dev.modelflow.cli.stack..",
            "dev.modelflow.cli.server.."
          },
          HTTP);

  @ArchTest
  static final ArchRule clientAndViewKnowNoStackAndNoCommandLine =
      mayNotTouch(
          new String[] {"dev.modelflow.cli.client..", "dev.modelflow.cli.view.."},
          "dev.modelflow.cli.stack..",
          "dev.modelflow.cli.server..",
          "picocli..");

  @ArchTest
  static final ArchRule processesOfAStackKnowNoStackAndNoCommand =
      mayNotTouch(
          new String[] {"dev.modelflow.cli.server.."},
          "dev.modelflow.cli",
          "dev.modelflow.cli.client..",
          "dev.modelflow.cli.view..",
          "dev.modelflow.cli.stack..",
          "picocli..");

  @ArchTest
  static final ArchRule commandsKnowNoProcessesOfAStack =
      mayNotTouch(COMMANDS, "dev.modelflow.cli.server..");

  @ArchTest
  static final ArchRule theStackStartsTheWebAndKnowsNothingOfItsInside =
      mayNotTouch(
          CLI,
          "dev.modelflow.web.api..",
          "dev.modelflow.web.page..",
          "dev.modelflow.web.flow..",
          "dev.modelflow.web.graph..",
          "dev.modelflow.web.security..");

  @ArchTest
  static final ArchRule packagesGoRoundInNoCircle =
      slices().matching("dev.modelflow.(**)").should().beFreeOfCycles();

  private static ArchRule mayNotTouch(String[] room, String... packages) {
    return noClasses()
        .that()
        .resideInAnyPackage(room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }

  /** All classes but those of tests, which a build finds in folders or in archives. */
  static final class Production implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }
}
