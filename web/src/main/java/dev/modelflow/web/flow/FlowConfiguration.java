package dev.modelflow.web.flow;

import dev.modelflow.read.CheckpointQueries;
import dev.modelflow.read.RunQueries;
import dev.modelflow.read.WorkerQueries;
import dev.modelflow.web.config.WebConfig;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The door to flows. */
@Configuration(proxyBeanMethods = false)
public class FlowConfiguration {
  @Bean
  Flows flows(WebConfig config, RunQueries runs, CheckpointQueries checkpoints) {
    return new Flows(config, runs, checkpoints);
  }

  @Bean
  Fleet fleet(WebConfig config, WorkerQueries workers) {
    return new Fleet(config, workers);
  }

  @Bean
  Downloads downloads(WebConfig config) {
    return new Downloads(config.store());
  }

  @Bean
  Rankings rankings(Downloads downloads) {
    return new Rankings(downloads);
  }

  @Bean
  Verifications verifications(WebConfig config) {
    return new Verifications(config);
  }
}
