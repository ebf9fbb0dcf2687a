package dev.modelflow.web.security;

import dev.modelflow.ledger.Tokens;
import dev.modelflow.web.config.WebConfig;
import jakarta.servlet.DispatcherType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.NullRequestCache;

/** Denies by default: only the login page and static files are for everyone. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@Import(LoginController.class)
public class SecurityConfiguration {
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";

  @Bean
  Tokens tokens(WebConfig config) {
    return config.ledger().tokens();
  }

  @Bean
  SecurityContextRepository sessions() {
    return new HttpSessionSecurityContextRepository();
  }

  /** There are no passwords; without this bean Boot would invent a user with one. */
  @Bean
  UserDetailsService noPasswords() {
    return name -> {
      throw new UsernameNotFoundException("Callers are known by tokens, not by names");
    };
  }

  @Bean
  FilterRegistrationBean<HostFilter> hostFilter(WebConfig config) {
    var filter = new FilterRegistrationBean<>(new HostFilter(config));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return filter;
  }

  @Bean
  @Order(1)
  SecurityFilterChain api(HttpSecurity http, Tokens tokens, SecurityContextRepository sessions) {
    headers(http);
    return http.securityMatcher("/api/**")
        .addFilterBefore(new BearerFilter(tokens), CsrfFilter.class)
        .addFilterAfter(new BodyLimitFilter(), CsrfFilter.class)
        .securityContext(context -> context.securityContextRepository(sessions))
        .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.NEVER))
        .csrf(csrf -> csrf.ignoringRequestMatchers(BearerFilter::hasToken))
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .exceptionHandling(
            errors ->
                errors
                    .authenticationEntryPoint(
                        (request, response, cause) ->
                            Refusals.unauthenticated(
                                response,
                                "The request names no token; send 'Authorization: Bearer TOKEN'"))
                    .accessDeniedHandler(
                        (request, response, cause) -> Refusals.forbidden(response)))
        .requestCache(cache -> cache.requestCache(new NullRequestCache()))
        .formLogin(form -> form.disable())
        .httpBasic(basic -> basic.disable())
        .logout(logout -> logout.disable())
        .build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain pages(HttpSecurity http, SecurityContextRepository sessions) {
    headers(http);
    return http.securityContext(context -> context.securityContextRepository(sessions))
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers("/login", "/assets/**")
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .exceptionHandling(
            errors ->
                errors.authenticationEntryPoint(new LoginUrlAuthenticationEntryPoint("/login")))
        .formLogin(form -> form.disable())
        .httpBasic(basic -> basic.disable())
        .logout(logout -> logout.logoutUrl("/logout").logoutSuccessUrl("/login"))
        .build();
  }

  private static void headers(HttpSecurity http) {
    http.headers(
        headers ->
            headers
                .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                .frameOptions(frames -> frames.deny())
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                .permissionsPolicyHeader(
                    policy ->
                        policy.policy("camera=(), geolocation=(), microphone=(), payment=()")));
  }
}
