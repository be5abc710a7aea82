import { Component, type ReactNode } from "react";

/** Shows `instead` where its children cannot be shown: a script of theirs did not load (the network was gone, or the
 *  server has another release by now), or they failed. The rest of the page goes on. */
export class Guard extends Component<{ instead?: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}
