package dev.nightjar.storage.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BoundedCacheTest {

    private final AtomicInteger loads = new AtomicInteger();
    private final BoundedCache<Integer, Integer> cache = new BoundedCache<>(10, weight -> weight);

    @Test
    void aValueIsLoadedOnce() {
        assertThat(get(3)).isEqualTo(3);
        assertThat(get(3)).isEqualTo(3);
        assertThat(loads).hasValue(1);
    }

    @Test
    void theLeastRecentlyUsedGoesWhenTheWeightIsTooHigh() {
        get(3);
        get(4);
        get(3);
        get(5);
        assertThat(loads).hasValue(3);
        get(3);
        assertThat(loads).hasValue(3);
        get(4);
        assertThat(loads).hasValue(4);
    }

    @Test
    void aValueHeavierThanTheLimitIsGivenOutAndNotKept() {
        assertThat(get(11)).isEqualTo(11);
        get(11);
        assertThat(loads).hasValue(2);
        get(2);
        get(2);
        assertThat(loads).hasValue(3);
    }

    @Test
    void aFailureIsToldAndNotKept() {
        assertThatThrownBy(() -> cache.get(1, _ -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(get(1)).isEqualTo(1);
    }

    @Test
    void severalWhoWantTheSameShareOneLoading() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = threads.submit(() -> cache.get(7, key -> {
                loading.countDown();
                try {
                    proceed.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return key;
            }));
            loading.await();
            List<Future<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                others.add(threads.submit(() -> get(7)));
            }
            proceed.countDown();
            assertThat(first.get()).isEqualTo(7);
            for (Future<Integer> other : others) {
                assertThat(other.get()).isEqualTo(7);
            }
        }
        assertThat(loads).hasValue(0);
    }

    @Test
    void manyThreadsNeverGetTheWrongValue() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Random random = new Random(i);
                all.add(threads.submit(() -> {
                    for (int k = 0; k < 2000; k++) {
                        int key = random.nextInt(1, 8);
                        assertThat(get(key)).isEqualTo(key);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private int get(int key) {
        return cache.get(key, wanted -> {
            loads.incrementAndGet();
            return wanted;
        });
    }
}
