package dev.modelflow.engine.tensor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.global.torch;

/**
 * Nothing in the engine assumes the processor: whoever needs a tensor asks {@link Tensors}, which
 * makes it on the process's device, and nobody else reads a tensor's memory but kernels that are
 * the processor's own.
 */
@AnalyzeClasses(
    packages = {"dev.modelflow.engine", "dev.modelflow.bench", "dev.modelflow.parity"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class PlacesTest {
  private static final Set<String> MAKERS =
      Set.of(
          "arange",
          "empty",
          "eye",
          "from_blob",
          "full",
          "linspace",
          "normal",
          "ones",
          "rand",
          "randint",
          "randn",
          "randperm",
          "scalar_tensor",
          "tensor",
          "tril_indices",
          "zeros");

  @ArchTest
  static final ArchRule tensorsAreMadeOnTheProcesssDevice =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.modelflow.engine.tensor")
          .should()
          .callMethodWhere(
              called(
                  "makes a tensor by itself",
                  target ->
                      target.getOwner().isEquivalentTo(torch.class)
                          && MAKERS.contains(target.getName())));

  @ArchTest
  static final ArchRule memoryIsReadThroughTensors =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.modelflow.engine.tensor", "dev.modelflow.engine.kernel..")
          .should()
          .callMethodWhere(
              called(
                  "reads a tensor's memory",
                  target ->
                      (target.getOwner().isEquivalentTo(Tensor.class)
                              || target.getOwner().isEquivalentTo(TensorBase.class))
                          && target.getName().contains("data_ptr")));

  private static DescribedPredicate<JavaMethodCall> called(
      String what, Predicate<MethodCallTarget> target) {
    return DescribedPredicate.describe(what, call -> target.test(call.getTarget()));
  }
}
