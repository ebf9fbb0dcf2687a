package dev.modelflow.web;

import dev.modelflow.audit.Audits;
import dev.modelflow.ledger.IdempotencyKeys;
import dev.modelflow.read.ArtifactQueries;
import dev.modelflow.read.CheckpointQueries;
import dev.modelflow.read.EventQueries;
import dev.modelflow.read.IdQueries;
import dev.modelflow.read.LineageQueries;
import dev.modelflow.read.LiveQueries;
import dev.modelflow.read.LogQueries;
import dev.modelflow.read.MetricQueries;
import dev.modelflow.read.PoolQueries;
import dev.modelflow.read.RunQueries;
import dev.modelflow.read.StageQueries;
import dev.modelflow.read.WorkerQueries;
import dev.modelflow.web.api.ApiConfiguration;
import dev.modelflow.web.config.WebConfig;
import dev.modelflow.web.flow.FlowConfiguration;
import dev.modelflow.web.page.PageConfiguration;
import dev.modelflow.web.security.SecurityConfiguration;
import java.time.Clock;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The beans that pages and API share. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
  SecurityConfiguration.class,
  FlowConfiguration.class,
  ApiConfiguration.class,
  PageConfiguration.class
})
class WebConfiguration {
  @Bean
  JdbcClient ledger(WebConfig config) {
    return config.ledger().jdbc();
  }

  @Bean
  IdempotencyKeys idempotencyKeys(WebConfig config) {
    return config.ledger().idempotencyKeys();
  }

  @Bean
  Audits audits(WebConfig config) {
    return new Audits(config.ledger());
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  RunQueries runQueries(JdbcClient ledger) {
    return new RunQueries(ledger);
  }

  @Bean
  StageQueries stageQueries(JdbcClient ledger) {
    return new StageQueries(ledger);
  }

  @Bean
  EventQueries eventQueries(JdbcClient ledger) {
    return new EventQueries(ledger);
  }

  @Bean
  IdQueries idQueries(JdbcClient ledger) {
    return new IdQueries(ledger);
  }

  @Bean
  LiveQueries liveQueries(JdbcClient ledger) {
    return new LiveQueries(ledger);
  }

  @Bean
  LogQueries logQueries(JdbcClient ledger) {
    return new LogQueries(ledger);
  }

  @Bean
  MetricQueries metricQueries(JdbcClient ledger) {
    return new MetricQueries(ledger);
  }

  @Bean
  CheckpointQueries checkpointQueries(JdbcClient ledger) {
    return new CheckpointQueries(ledger);
  }

  @Bean
  ArtifactQueries artifactQueries(JdbcClient ledger) {
    return new ArtifactQueries(ledger);
  }

  @Bean
  LineageQueries lineageQueries(JdbcClient ledger) {
    return new LineageQueries(ledger);
  }

  @Bean
  PoolQueries poolQueries(JdbcClient ledger) {
    return new PoolQueries(ledger);
  }

  @Bean
  WorkerQueries workerQueries(JdbcClient ledger) {
    return new WorkerQueries(ledger);
  }
}
