package dev.nightjar.service.testing;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** A client of the service under test. */
@TestConfiguration(proxyBeanMethods = false)
class RestClientConfiguration {

    // The port is known only once the server listens.
    @Bean
    @Lazy
    Rest rest(Environment environment) {
        return new Rest(environment.getRequiredProperty("local.server.port", Integer.class));
    }
}
