package dev.nightjar.service.access;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Refuses to start on an address that others could reach, as long as there are no users and roles; before anything else begins, so that nothing has
 * to be undone.
 */
@Component
class LoopbackOnly implements BeanFactoryPostProcessor {

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        Binder settings = Binder.get(beans.getBean(Environment.class));
        @Nullable
        InetAddress address = settings.bind("server.address", InetAddress.class).orElse(null);
        boolean loopback = address != null && address.isLoopbackAddress();
        boolean proxied = settings.bind("nightjar.access.behind-loopback-proxy", Boolean.class)
                .orElse(false);
        if (!loopback && !proxied) {
            throw new ListeningBeyondLoopbackException(address == null ? "every address" : address.getHostAddress());
        }
    }
}
