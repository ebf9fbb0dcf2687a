package dev.modelflow.engine.learn;

import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.optim.AdamW;
import dev.modelflow.engine.tensor.Lanes;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Makes optimisation steps: each lane takes every n-th micro-batch forward and backward into a
 * gradient buffer of its own; the buffers are summed in the order of lanes, clipped by their global
 * norm and handed to AdamW, each lane updating its own range. Equal work gives equal bits.
 */
public final class Learner implements AutoCloseable {
  private final Decoder decoder;
  private final Parameters parameters;
  private final AdamW optimizer;
  private final Lanes lanes;
  private final double clip;
  private final List<Parameters> gradients = new ArrayList<>();
  private final List<Weights> weights = new ArrayList<>();
  private ExpertLoad expertLoad;

  /**
   * A learner of {@code parameters}.
   *
   * @param clip largest global norm of a step's gradient; 0: no clipping
   */
  public Learner(
      Decoder decoder, Parameters parameters, AdamW optimizer, Lanes lanes, double clip) {
    this.decoder = decoder;
    this.parameters = parameters;
    this.optimizer = optimizer;
    this.lanes = lanes;
    this.clip = clip;
    expertLoad = new ExpertLoad(decoder.config());
    for (int lane = 0; lane < lanes.count(); lane++) {
      Parameters gradient = new Parameters(parameters.layout());
      gradients.add(gradient);
      weights.add(Weights.forTraining(decoder.config(), parameters, gradient));
    }
  }

  /** Makes one step and returns the norm of its gradient before clipping. */
  public double step(List<MicroBatch> batches, double rate) {
    expertLoad = ExpertLoad.sum(decoder.config(), lanes.run(lane -> backward(batches, lane)));
    double norm = Math.sqrt(lanes.run(this::sumGradients).stream().mapToDouble(x -> x).sum());
    double scale = clip > 0 && norm > clip ? clip / norm : 1;
    optimizer.begin();
    lanes.run(
        lane -> {
          optimizer.update(gradients.getFirst().flat(), scale, rate, start(lane), start(lane + 1));
          return lane;
        });
    return norm;
  }

  /** How the latest step's tokens were spread over experts. */
  public ExpertLoad expertLoad() {
    return expertLoad;
  }

  private ExpertLoad backward(List<MicroBatch> batches, int lane) {
    ExpertLoad load = new ExpertLoad(decoder.config());
    gradients.get(lane).flat().zero_();
    for (int i = lane; i < batches.size(); i += lanes.count()) {
      Gradients.add(decoder, weights.get(lane), gradients.get(lane), batches.get(i), load);
    }
    return load;
  }

  /** Adds all lanes' gradients in this lane's range to the first's; returns their squared norm. */
  private double sumGradients(int lane) {
    long from = start(lane);
    long count = start(lane + 1) - from;
    Tensor sum = gradients.getFirst().flat().narrow(0, from, count);
    for (Parameters other : gradients.subList(1, gradients.size())) {
      sum.add_(other.flat().narrow(0, from, count), new Scalar(1));
    }
    return sum.dot(sum).item_float();
  }

  private long start(int lane) {
    return parameters.layout().size() * lane / lanes.count();
  }

  @Override
  public void close() {
    weights.forEach(Weights::close);
    gradients.forEach(Parameters::close);
  }
}
