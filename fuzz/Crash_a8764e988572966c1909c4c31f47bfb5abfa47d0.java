import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

public class Crash_a8764e988572966c1909c4c31f47bfb5abfa47d0 {
    static final String base64Bytes = String.join("", "r05CRE1BR0lDSUhBVkVPUFQAAA==");

    public static void main(String[] args) throws Throwable {
        Crash_a8764e988572966c1909c4c31f47bfb5abfa47d0.class.getClassLoader().setDefaultAssertionStatus(true);
        try {
            Method fuzzerInitialize = dev.nightjar.fuzz.NegotiationFuzzTest.class.getMethod("fuzzerInitialize");
            fuzzerInitialize.invoke(null);
        } catch (NoSuchMethodException ignored) {
            try {
                Method fuzzerInitialize = dev.nightjar.fuzz.NegotiationFuzzTest.class.getMethod("fuzzerInitialize", String[].class);
                fuzzerInitialize.invoke(null, (Object) args);
            } catch (NoSuchMethodException ignored1) {
            } catch (IllegalAccessException | InvocationTargetException e) {
                e.printStackTrace();
                System.exit(1);
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            e.printStackTrace();
            System.exit(1);
        }
        byte[] input = java.util.Base64.getDecoder().decode(base64Bytes);
        dev.nightjar.fuzz.NegotiationFuzzTest.fuzzerTestOneInput(input);
    }
}