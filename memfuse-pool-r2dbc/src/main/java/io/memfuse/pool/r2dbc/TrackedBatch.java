package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Result;
import org.reactivestreams.Publisher;

/** A batch whose statements are counted when it is executed. As thread-safe as the driver's. */
final class TrackedBatch implements Batch {

    private final Loan loan;
    private final Batch batch;
    private int statements;

    TrackedBatch(Loan loan, Batch batch) {
        this.loan = loan;
        this.batch = batch;
    }

    @Override
    public Batch add(String sql) {
        batch.add(sql);
        statements++;
        return this;
    }

    @Override
    public Publisher<? extends Result> execute() {
        return new TrackedFlux(loan, statements, batch.execute());
    }

    @Override
    public String toString() {
        return batch.toString();
    }
}
