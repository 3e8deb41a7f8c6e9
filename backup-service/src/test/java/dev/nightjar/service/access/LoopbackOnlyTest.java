package dev.nightjar.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class LoopbackOnlyTest {

    private final ApplicationContextRunner service = new ApplicationContextRunner().withBean(LoopbackOnly.class);

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.168.1.7", "::", ""})
    void anAddressThatOthersReachIsRefused(String address) {
        service.withPropertyValues("server.address=" + address)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(ListeningBeyondLoopbackException.class)
                        .hasMessageContaining("server.address is"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.3.2.1", "::1", "localhost"})
    void aLoopbackAddressIsFine(String address) {
        service.withPropertyValues("server.address=" + address)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aContainerBehindALoopbackPortIsAllowedEveryAddress() {
        service.withPropertyValues("server.address=0.0.0.0", "nightjar.access.behind-loopback-proxy=true")
                .run(context -> assertThat(context).hasNotFailed());
    }
}
