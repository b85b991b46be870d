// Makes one kind of request slow on its way: closed, it holds them back until it is opened again.

export class Gate {
  /** Before anything of the kind is asked: a request that is under way already passes by. */
  static async before(page, address) {
    const gate = new Gate();
    await page.route(address, async (route) => {
      gate.#arrived();
      await gate.#open;
      await route.continue();
    });
    return gate;
  }

  #open = Promise.resolve();
  #arrived = () => {};
  #letGo = () => {};

  /** From now on they wait here; what comes back resolves when the first has arrived. */
  close() {
    this.#open = new Promise((done) => {
      this.#letGo = done;
    });
    return new Promise((done) => {
      this.#arrived = done;
    });
  }

  open() {
    this.#letGo();
  }
}
