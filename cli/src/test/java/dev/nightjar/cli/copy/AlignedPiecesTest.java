package dev.nightjar.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class AlignedPiecesTest {

    private record Piece(long offset, long length, boolean zero) {}

    @Property
    void whateverComesInBlocksComeOutAndNoDataIsLost(
            @ForAll @IntRange(min = 0, max = 6) int blockBits,
            @ForAll @IntRange(min = 1, max = 2000) int size,
            @ForAll Random random) {
        int block = 1 << blockBits;
        boolean[] zeros = new boolean[size];
        List<Piece> in = new ArrayList<>();
        for (int at = 0; at < size; ) {
            int length = Math.min(size - at, 1 + random.nextInt(100));
            in.add(new Piece(at, length, random.nextBoolean()));
            for (int end = at + length; at < end; at++) {
                zeros[at] = in.getLast().zero;
            }
        }
        List<Piece> out = new ArrayList<>();
        AlignedPieces aligned =
                new AlignedPieces(block, size, (offset, length, zero) -> out.add(new Piece(offset, length, zero)));
        in.forEach(piece -> aligned.piece(piece.offset, piece.length, piece.zero));

        long end = 0;
        for (Piece piece : out) {
            assertThat(piece.offset)
                    .isEqualTo(end)
                    .satisfies(at -> assertThat(at % block).isZero());
            assertThat(piece.length).isPositive();
            end += piece.length;
            assertThat(end % block == 0 || end == size).isTrue();
            for (long at = piece.offset; piece.zero && at < end; at++) {
                assertThat(zeros[(int) at]).as("byte " + at).isTrue();
            }
        }
        assertThat(end).isEqualTo(size);
    }

    @Property
    void zerosOfWholeBlocksStayZeros(@ForAll @IntRange(min = 1, max = 50) int blocks) {
        List<Piece> out = new ArrayList<>();
        AlignedPieces aligned = new AlignedPieces(
                512, 512L * blocks + 7, (offset, length, zero) -> out.add(new Piece(offset, length, zero)));
        aligned.piece(0, 512L * blocks + 7, true);
        assertThat(out).containsExactly(new Piece(0, 512L * blocks + 7, true));
    }
}
