package dev.modelflow.pool;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The table in docs/architecture.md, for the rooms below the web. */
@AnalyzeClasses(packages = "dev.modelflow", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
  private static final String[] WORKFLOWS = {
    "dev.modelflow.domain..",
    "dev.modelflow.recipe..",
    "dev.modelflow.plan..",
    "dev.modelflow.workflow.."
  };
  private static final String[] DB = {
    "dev.modelflow.ledger..",
    "dev.modelflow.objects..",
    "dev.modelflow.audit..",
    "dev.modelflow.run..",
    "dev.modelflow.read.."
  };
  private static final String[] ACTIVITIES = {
    "dev.modelflow.text..",
    "dev.modelflow.curate..",
    "dev.modelflow.synthesize..",
    "dev.modelflow.release..",
    "dev.modelflow.worker..",
    "dev.modelflow.dispatch.."
  };
  private static final String[] GPU_WORKERS = {
    "dev.modelflow.engine..", "dev.modelflow.trainer..", "dev.modelflow.pool.."
  };
  private static final String[] HTTP = {
    "java.net.http..", "okhttp3..", "jakarta.servlet..", "org.springframework.web.."
  };
  private static final String[] SQL = {
    "java.sql..", "javax.sql..", "org.springframework.jdbc..", "org.postgresql.."
  };

  @ArchTest static final ArchRule workflowsKnowNoRoomBelow = mayNotTouch(WORKFLOWS, DB);

  @ArchTest static final ArchRule dbKnowsNoRoomBelow = mayNotTouch(DB, ACTIVITIES);

  @ArchTest static final ArchRule dbKnowsNoTemporal = mayNotTouch(DB, "io.temporal..");

  @ArchTest
  static final ArchRule onlyTheObjectStoreKnowsHttp =
      mayNotTouch(
          new String[] {"dev.modelflow.ledger..", "dev.modelflow.audit..", "dev.modelflow.run.."},
          HTTP);

  @ArchTest static final ArchRule activitiesKnowNoRoomBelow = mayNotTouch(ACTIVITIES, GPU_WORKERS);

  @ArchTest
  static final ArchRule activitiesKnowNoLibtorch = mayNotTouch(ACTIVITIES, "org.bytedeco..");

  @ArchTest static final ArchRule gpuWorkersKnowNoHttp = mayNotTouch(GPU_WORKERS, HTTP);

  @ArchTest static final ArchRule gpuWorkersKnowNoSql = mayNotTouch(GPU_WORKERS, SQL);

  private static ArchRule mayNotTouch(String[] room, String... packages) {
    return noClasses()
        .that()
        .resideInAnyPackage(room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }
}
