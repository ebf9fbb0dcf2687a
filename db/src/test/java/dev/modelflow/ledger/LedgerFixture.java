package dev.modelflow.ledger;

import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.services.TestServices;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An open ledger on a fresh database and an open store on a fresh bucket. */
public final class LedgerFixture implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final LedgerConfig ledgerConfig = TestServices.freshLedger();
  private final ObjectStoreConfig storeConfig = TestServices.freshBucket();
  private final Ledger ledger;
  private final ObjectStore store;

  /** Both are empty. */
  public LedgerFixture() {
    this((emptyLedger, emptyStore) -> {});
  }

  /** Both are filled before they are opened. */
  public LedgerFixture(BiConsumer<LedgerConfig, ObjectStoreConfig> filling) {
    filling.accept(ledgerConfig, storeConfig);
    ledger = Ledger.open(ledgerConfig);
    store = ObjectStore.open(storeConfig);
  }

  /** The ledger. */
  public Ledger ledger() {
    return ledger;
  }

  /** The store. */
  public ObjectStore store() {
    return store;
  }

  /** Where the ledger is. */
  public LedgerConfig ledgerConfig() {
    return ledgerConfig;
  }

  /** Where the store is. */
  public ObjectStoreConfig storeConfig() {
    return storeConfig;
  }

  /** A synthesize stage without inputs, followed by a pretrain stage that reads its documents. */
  public static FlowPlan twoStages() {
    return plan(
        stage("synthesize", StageKind.SYNTHESIZE, "cpu", Map.of("sums", 10), Map.of()),
        stage(
            "pretrain",
            StageKind.PRETRAIN,
            "gpu",
            Map.of("steps", 10),
            Map.of("documents", new StageInput("synthesize", "documents", null))));
  }

  /** A plan of these stages. */
  public static FlowPlan plan(StagePlan... stages) {
    return new FlowPlan(
        "tiny",
        "recipe: 1\nname: tiny\n",
        Map.of("name", "tiny", "stages", List.of(stages).stream().map(StagePlan::name).toList()),
        Map.of("layers", 2, "vocabulary", 64),
        List.of(stages));
  }

  /** A stage with seed 20. */
  public static StagePlan stage(
      String name,
      StageKind kind,
      String pool,
      Map<String, @Nullable Object> parameters,
      Map<String, StageInput> inputs) {
    return new StagePlan(name, kind, pool, 20, parameters, inputs);
  }

  /** A worker with two cores, 4 GB and the processor as its device. */
  public static NewWorker worker(String id, String pool, Map<String, String> kinds) {
    return new NewWorker(
        id,
        pool,
        "workbench",
        4121,
        2,
        4_000_000_000L,
        List.of(WorkerDevice.cpu()),
        Map.of("zone", "a"),
        "d1b5f0a7c3e2",
        kinds);
  }

  /** Records a run of {@code plan} with a fresh id. */
  public Run create(FlowPlan plan) {
    String id = "run-" + NUMBER.incrementAndGet();
    return ledger
        .runs()
        .create(new NewRun(id, "default", plan, RunOrigin.none(), Map.of(), Map.of(), "tester"));
  }

  @Override
  public void close() {
    store.close();
    ledger.close();
  }
}
