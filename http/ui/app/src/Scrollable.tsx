import { type ReactNode, useEffect, useRef, useState } from "react";

/** A box that scrolls where its content is too tall for it, and that the keyboard reaches then, and only then. */
export function Scrollable({ label, className, children }: { label: string; className: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [tall, setTall] = useState(false);
  const measure = () => {
    const { current } = box;
    if (current) setTall(current.scrollHeight > current.clientHeight);
  };
  useEffect(measure);
  useEffect(() => {
    // Content that comes later makes the box grow until it scrolls; narrow windows make text taller.
    const sizes = new ResizeObserver(measure);
    if (box.current) sizes.observe(box.current);
    return () => sizes.disconnect();
  }, []);
  const reached = tall ? { tabIndex: 0, role: "region", "aria-label": label } : {};
  return (
    <div ref={box} className={className} dir="auto" {...reached}>
      {children}
    </div>
  );
}
