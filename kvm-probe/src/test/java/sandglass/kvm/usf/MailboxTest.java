package sandglass.kvm.usf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.usf.etl.Mailbox;

/** Oracle: arithmetic on what the guest asked for, the counted exits, and byte comparison with the template. */
@RequiresKvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailboxTest {

    static final String ASK = """
            import mmap, os, time
            def handler(event, etl):
                words = memoryview(mmap.mmap(os.open('/usf/mailbox', os.O_RDWR), 4096)).cast('Q')
                right = 0
                for number in range(1, event + 1):
                    words[1] = number * 3
                    words[0] = number
                    while words[8] != number:
                        pass
                    right += words[9] == number * 3 + 1
                return right
            """;

    private UsfFactory factory;
    private UsfPool pool;

    @BeforeAll
    void open() {
        factory = new UsfFactory(UsfConfig.defaults(), System::nanoTime);
        pool = new UsfPool(factory, System::nanoTime);
    }

    @AfterAll
    void close() {
        pool.close();
        factory.close();
    }

    @Test
    void everyRequestIsAnsweredWithoutAnExit() {
        for (long intervalNs : new long[] {0, 20_000}) {
            try (Usf usf = factory.create(); Mailbox mailbox = new Mailbox(argument -> argument + 1, intervalNs)) {
                usf.offer(mailbox);
                Invocation few = usf.invoke(ASK, "10");
                assertThat(few.outcome()).isEqualTo(new Outcome.Result("10"));
                pool.recycle(usf);
                assertThat(usf.machine().ram().bytes().mismatch(factory.template().contents().bytes())).isEqualTo(-1);
                usf.offer(mailbox);
                Invocation many = usf.invoke(ASK, "500");
                assertThat(many.outcome()).isEqualTo(new Outcome.Result("500"));
                assertThat(many.exits().bySystemCall(factory.systemCalls()))
                        .isEqualTo(few.exits().bySystemCall(factory.systemCalls()));
                pool.recycle(usf);
            }
        }
    }

    @Test
    void theNextGuestFindsNothingInTheMailboxAndWithoutOneNothingToMap() {
        String read = """
                import mmap, os
                def handler(event, etl):
                    page = mmap.mmap(os.open('/usf/mailbox', os.O_RDWR), 4096)
                    seen = sum(page[:])
                    page[128:] = b's' * (4096 - 128)
                    return seen
                """;
        try (Usf usf = factory.create(); Mailbox mailbox = new Mailbox(argument -> argument + 1, 1_000_000)) {
            for (int i = 0; i < 2; i++) {
                usf.offer(mailbox);
                assertThat(usf.invoke(read, "0").outcome()).isEqualTo(new Outcome.Result("0"));
                pool.recycle(usf);
            }
            assertThat(usf.invoke(read, "0").outcome()).isInstanceOfSatisfying(Outcome.Failed.class,
                    failed -> assertThat(failed.traceback()).contains("No such device"));
        }
    }
}
